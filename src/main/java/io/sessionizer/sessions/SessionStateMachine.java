package io.sessionizer.sessions;

import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionState.Published;
import io.sessionizer.sessions.SessionState.PublishedState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The sessions of one visit id, as visits arrive and the watermark advances. Times are epoch
 * milliseconds; {@code G} is the gap, {@code L} the allowed lateness, {@code W} the watermark.
 *
 * <ul>
 *   <li>A session is published when {@code W >= last visit + G}, and again whenever late visits
 *       have changed it, once it is closed again: once for all visits that arrive together.
 *   <li>A visit at {@code t} is accepted iff {@code t + G - 1 + L >= W}, or if it joins a session
 *       that is held and cannot belong to one that was let go.
 *   <li>What is published last is the cut of all accepted visits ({@link SessionCut}), whatever the
 *       order they arrived in. Sessions that are no more are deleted after what replaced them was
 *       published. So sessions never overlap.
 *   <li>The revisions of a session id only grow.
 *   <li>A session is let go when no visit that would be accepted can change it. Nothing is left of
 *       a visit id whose sessions are all let go: {@link #state} is null.
 * </ul>
 */
final class SessionStateMachine {
  private static final long NEVER = Long.MAX_VALUE;

  private final String visitId;
  private final SessionPolicy policy;
  private final long room;
  private final Supplier<List<VisitedPage>> held;
  private final List<VisitedPage> added = new ArrayList<>();
  private final TreeMap<SessionStart, Published> published = new TreeMap<>();

  /** All visits, in their order; null as long as nobody had to look at them. */
  private @Nullable List<VisitedPage> visits;

  private boolean isEmpty = true;
  private @Nullable String userId;
  private boolean hasForgotten;
  private long floor;
  private long settled = SessionState.NOTHING_SETTLED;
  private int firstOrdinal;
  private @Nullable OpenSession newest;
  private SessionBytes earlier = SessionBytes.NONE;
  private long due = NEVER;
  private long timer = NEVER;

  /** The sessions before the first visit that is to be amended for; null if there is none. */
  private @Nullable List<SessionCut> unamended;

  private long amendedAt = Long.MIN_VALUE;
  private boolean isAnyLate;

  /**
   * Goes on from a state.
   *
   * @param state of {@code visitId}, as {@link #state} returned it, or null if there is none
   * @param held gives the visits that are held, in any order; it is asked at most once, and not for
   *     a visit that can be taken without
   */
  SessionStateMachine(
      String visitId,
      SessionPolicy policy,
      @Nullable SessionState state,
      Supplier<List<VisitedPage>> held) {
    this.visitId = visitId;
    this.policy = policy;
    this.room = SessionBytes.room(visitId, policy);
    this.held = held;
    if (state != null) {
      isEmpty = false;
      userId = state.userId();
      state.published().forEach(this::put);
      floor = state.floorMillis();
      settled = state.settledMillis();
      firstOrdinal = state.firstOrdinal();
      newest = state.newest();
      earlier = state.earlier();
      due = state.dueMillis();
      timer = state.timerMillis();
    }
  }

  /** Returns what to remember besides the visits, or null if that is nothing. */
  @Nullable SessionState state() {
    return isEmpty
        ? null
        : new SessionState(
            userId,
            List.copyOf(published.values()),
            floor,
            settled,
            firstOrdinal,
            newest,
            earlier,
            due,
            timer);
  }

  /** Returns the visits that were accepted, to be held with the others. */
  List<VisitedPage> added() {
    return List.copyOf(added);
  }

  /** Whether some visits are held no more: then {@link #visits} are all that are left. */
  boolean hasForgotten() {
    return hasForgotten;
  }

  /** Returns all visits to hold, in their order. */
  List<VisitedPage> visits() {
    return List.copyOf(lookedAt());
  }

  /**
   * Decides about a visit that arrives at watermark {@code watermark}. After the last one of those
   * that arrive together comes {@link #amend}.
   *
   * @return whether it is accepted; if not, it came too late
   */
  boolean accept(VisitedPage visit, long watermark) {
    long time = visit.eventTimeMillis();
    boolean isLate = policy.isLate(time, watermark);
    long earliest = policy.earliestAccepted(watermark);
    if (isEmpty) {
      // Whatever was let go before, no accepted visit could touch it: it ends before this.
      floor = earliest;
      userId = visit.userId();
    }
    if (unamended == null && !isLate && time >= settled && append(visit, watermark)) {
      return true;
    }
    if (time < earliest && !(time >= floor && joinsHeld(time))) {
      return false;
    }
    if (unamended == null) {
      unamended = cuts();
    }
    amendedAt = Math.max(amendedAt, watermark);
    isAnyLate |= isLate;
    insert(visit);
    return true;
  }

  /**
   * Publishes each session once that visits have changed which arrived together, if it is closed,
   * and deletes those that are no more.
   *
   * @param changes takes what is to be published now, in this order
   */
  void amend(List<SessionRecord> changes) {
    if (unamended == null) {
      return;
    }
    Map<SessionStart, SessionCut> before = byStart(unamended);
    List<SessionCut> after = cuts();
    if (!after.equals(unamended)) {
      markStale(before, byStart(after));
      Timing ofNew = isAnyLate ? Timing.LATE : Timing.ON_TIME;
      publish(after, cut -> !cut.isSameSession(before.get(cut.start())), ofNew, amendedAt, changes);
      delete(after, changes);
      outline(after);
    }
    unamended = null;
  }

  /**
   * Accepts a visit without looking at the others.
   *
   * @return whether that can be: not if it may close a session that ends before it, and at once
   */
  private boolean append(VisitedPage visit, long watermark) {
    long time = visit.eventTimeMillis();
    SessionBytes bytes = SessionBytes.of(visit);
    if (newest == null) {
      newest = OpenSession.begin(time, bytes);
    } else if (newest.accepts(time, bytes, room, policy)) {
      newest = newest.with(time, bytes);
    } else if (time > newest.endMillis()) {
      due = Math.min(due, newest.closesAtMillis(policy));
      earlier = earlier.plus(newest.bytes());
      newest = OpenSession.begin(time, bytes);
    } else {
      boolean isInNewest = newest.isBehindStart(time);
      SessionBytes upToIt = (isInNewest ? newest.bytes() : earlier).plus(bytes);
      // A session without room for the visit may end, less than the gap, before it.
      boolean mayEndBefore = !upToIt.fits(room);
      if (mayEndBefore && time < watermark) {
        return false;
      }
      // Whichever other sessions this changes, none of them closes before.
      due = Math.min(due, mayEndBefore ? time + 1 : policy.closesAt(time));
      if (isInNewest) {
        newest = newest.with(time, bytes);
      } else {
        earlier = upToIt;
      }
    }
    add(visit);
    if (visits != null) {
      insertInto(visits, visit);
    }
    return true;
  }

  /**
   * Publishes what is closed at {@code watermark}, and forgets what cannot change any more.
   *
   * @param changes takes what is to be published now, in this order
   */
  void advance(long watermark, List<SessionRecord> changes) {
    if (holdsOnePublishedSession() && watermark >= due) {
      forgetAll();
      return;
    }
    List<SessionCut> cuts = cuts();
    publish(cuts, cut -> true, Timing.ON_TIME, watermark, changes);
    delete(cuts, changes);
    int letGo = 0;
    while (letGo < cuts.size() && watermark >= policy.expiresAt(cuts.get(letGo).boundaryMillis())) {
      lookedAt().subList(0, cuts.get(letGo).pages().size()).clear();
      floor = cuts.get(letGo).boundaryMillis();
      letGo++;
    }
    hasForgotten |= letGo > 0;
    List<SessionCut> left = cuts.subList(letGo, cuts.size());
    isEmpty = left.isEmpty();
    if (isEmpty) {
      published.clear();
      firstOrdinal = 0;
    } else {
      SessionStart first = left.get(0).start();
      SessionStart lowest = new SessionStart(floor, 0);
      published.headMap(first.compareTo(lowest) < 0 ? first : lowest).clear();
      firstOrdinal = first.ordinal();
    }
    outline(left);
  }

  /** Whether the only thing left to do is to let all visits go, which takes no look at them. */
  private boolean holdsOnePublishedSession() {
    return newest == null
        && published.size() == 1
        && published.firstEntry().getValue().publishedState() == PublishedState.CURRENT;
  }

  private void forgetAll() {
    visits = new ArrayList<>();
    published.clear();
    settled = SessionState.NOTHING_SETTLED;
    firstOrdinal = 0;
    due = NEVER;
    isEmpty = true;
    hasForgotten = true;
  }

  private boolean joinsHeld(long time) {
    List<VisitedPage> all = lookedAt();
    int at = indexOf(all, new VisitedPage(time, null, null));
    return (at < all.size() && policy.withinGap(time, all.get(at).eventTimeMillis()))
        || (at > 0 && policy.withinGap(all.get(at - 1).eventTimeMillis(), time));
  }

  /** Adds a visit, unless it is a duplicate that changes nothing. */
  private void insert(VisitedPage visit) {
    if (insertInto(lookedAt(), visit)) {
      add(visit);
    }
  }

  private void add(VisitedPage visit) {
    added.add(visit);
    isEmpty = false;
  }

  /** Returns whether the visits are others afterwards. */
  private boolean insertInto(List<VisitedPage> sorted, VisitedPage visit) {
    int at = indexOf(sorted, visit);
    if (policy.deduplicate()) {
      for (int same = Math.max(0, at - 1); same <= at && same < sorted.size(); same++) {
        VisitedPage old = sorted.get(same);
        if (Duplicates.isSame(old, visit)) {
          sorted.set(same, Duplicates.kept(old, visit));
          return !sorted.get(same).equals(old);
        }
      }
    }
    sorted.add(at, visit);
    return true;
  }

  /** Returns where a visit is, or would be. */
  private static int indexOf(List<VisitedPage> sorted, VisitedPage visit) {
    int at = Collections.binarySearch(sorted, visit);
    return at < 0 ? -at - 1 : at;
  }

  private List<VisitedPage> lookedAt() {
    if (visits == null) {
      List<VisitedPage> all = new ArrayList<>(held.get());
      all.addAll(added);
      Collections.sort(all);
      visits = policy.deduplicate() ? Duplicates.dropped(all) : all;
    }
    return visits;
  }

  private List<SessionCut> cuts() {
    return SessionCut.all(visitId, lookedAt(), firstOrdinal, policy);
  }

  private static Map<SessionStart, SessionCut> byStart(List<SessionCut> cuts) {
    Map<SessionStart, SessionCut> byStart = new HashMap<>();
    cuts.forEach(cut -> byStart.put(cut.start(), cut));
    return byStart;
  }

  private void markStale(
      Map<SessionStart, SessionCut> before, Map<SessionStart, SessionCut> after) {
    published.replaceAll(
        (start, said) ->
            said.publishedState() == PublishedState.CURRENT
                    && !before.get(start).isSameSession(after.get(start))
                ? new Published(start, said.revision(), PublishedState.STALE)
                : said);
  }

  /** Publishes those sessions that are closed and have not been published as they are. */
  private void publish(
      List<SessionCut> cuts,
      Predicate<SessionCut> which,
      Timing ofNew,
      long watermark,
      List<SessionRecord> changes) {
    for (int i = 0; i < cuts.size(); i++) {
      SessionCut cut = cuts.get(i);
      if (watermark >= policy.closesAt(cut.endMillis()) && !isCurrent(cut) && which.test(cut)) {
        Published said = published.get(cut.start());
        boolean isCorrection = said != null || replacesOther(cuts, i);
        int revision = said == null ? 1 : said.revision() + 1;
        changes.add(
            new Upsert(
                cut.session(visitId),
                revision,
                isCorrection ? Timing.LATE : ofNew,
                cut.endReason()));
        put(new Published(cut.start(), revision, PublishedState.CURRENT));
      }
    }
  }

  /** Whether a session that was published, and is no more, began inside one of {@code cuts}. */
  private boolean replacesOther(List<SessionCut> cuts, int at) {
    var behindStart = published.tailMap(cuts.get(at).start(), false);
    return (at + 1 < cuts.size() ? behindStart.headMap(cuts.get(at + 1).start()) : behindStart)
        .values().stream().anyMatch(said -> said.publishedState() == PublishedState.STALE);
  }

  /** Deletes sessions that are no more, if what they are part of now is published. */
  private void delete(List<SessionCut> cuts, List<SessionRecord> changes) {
    TreeSet<SessionStart> starts = new TreeSet<>();
    cuts.forEach(cut -> starts.add(cut.start()));
    for (Published said : List.copyOf(published.values())) {
      if (said.publishedState() == PublishedState.STALE && !starts.contains(said.start())) {
        // There is one: the visit that was the first of the session is held.
        SessionStart heir = starts.floor(said.start());
        Published heirSaid = published.get(heir);
        if (heirSaid != null && heirSaid.publishedState() == PublishedState.CURRENT) {
          int revision = said.revision() + 1;
          changes.add(
              new Tombstone(
                  new SessionId(visitId, said.start()), revision, new SessionId(visitId, heir)));
          put(new Published(said.start(), revision, PublishedState.DELETED));
        }
      }
    }
  }

  /** Remembers what there is to do, and what to know of the newest session. */
  private void outline(List<SessionCut> cuts) {
    settled = SessionState.NOTHING_SETTLED;
    newest = null;
    earlier = SessionBytes.NONE;
    due = NEVER;
    int last = cuts.size() - 1;
    for (int i = 0; i <= last; i++) {
      SessionCut cut = cuts.get(i);
      if (isCurrent(cut)) {
        settled = cut.boundaryMillis();
        earlier = SessionBytes.NONE;
      } else if (i == last) {
        newest = OpenSession.of(cut);
      } else {
        due = Math.min(due, policy.closesAt(cut.endMillis()));
        earlier = earlier.plus(cut.bytes());
      }
    }
    if (last > 0 || (last == 0 && newest == null)) {
      due = Math.min(due, policy.expiresAt(cuts.get(0).boundaryMillis()));
    }
  }

  private boolean isCurrent(SessionCut cut) {
    Published said = published.get(cut.start());
    return said != null && said.publishedState() == PublishedState.CURRENT;
  }

  private void put(Published said) {
    published.put(said.start(), said);
  }
}
