package io.sessionizer.sessions;

import io.sessionizer.sessions.SessionChange.Tombstone;
import io.sessionizer.sessions.SessionChange.Upsert;
import io.sessionizer.sessions.SessionState.Published;
import io.sessionizer.sessions.SessionState.Standing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The sessions of one visit id, as visits arrive and the watermark advances. Times are epoch
 * milliseconds; {@code G} is the gap, {@code L} the allowed lateness, {@code W} the watermark.
 *
 * <ul>
 *   <li>A session is published when {@code W >= last visit + G}, and again whenever late visits
 *       have changed it, once it is closed again.
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
  private static final long BEGINNING_OF_TIME = Long.MIN_VALUE / 4;
  private static final long NEVER = Long.MAX_VALUE;

  private final String visitId;
  private final SessionPolicy policy;
  private final long gap;
  private final Supplier<List<VisitedPage>> held;
  private final List<VisitedPage> added = new ArrayList<>();
  private final TreeMap<Long, Published> published = new TreeMap<>();

  /** All visits, in their order; null as long as nobody had to look at them. */
  private @Nullable List<VisitedPage> visits;

  private boolean isEmpty = true;
  private @Nullable String userId;
  private boolean hasForgotten;
  private long floor = BEGINNING_OF_TIME;
  private long settled = SessionState.NOTHING_SETTLED;
  private @Nullable OpenSession newest;
  private long due = NEVER;
  private long timer = NEVER;

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
    this.gap = policy.gap().toMillis();
    this.held = held;
    if (state != null) {
      isEmpty = false;
      userId = state.userId();
      state.published().forEach(this::put);
      floor = state.floorMillis();
      settled = state.settledMillis();
      newest = state.newest();
      due = state.dueMillis();
      timer = state.timerMillis();
    }
  }

  /** Returns what to remember besides the visits, or null if that is nothing. */
  @Nullable SessionState state() {
    return isEmpty
        ? null
        : new SessionState(
            userId, List.copyOf(published.values()), floor, settled, newest, due, timer);
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
   * Takes a visit that arrives at watermark {@code watermark}.
   *
   * @param changes takes what is to be published now, in this order
   * @return whether it is accepted; if not, it came too late
   */
  boolean accept(VisitedPage visit, long watermark, List<SessionChange> changes) {
    long time = visit.eventTimeMillis();
    long earliest = earliestAccepted(watermark);
    if (isEmpty) {
      // Whatever was let go before, no accepted visit could touch it: it ends before this.
      floor = earliest;
      userId = visit.userId();
    }
    if (time + gap > watermark && time >= settled) {
      append(visit);
      return true;
    }
    if (time < earliest && !(time >= floor && joinsHeld(time))) {
      return false;
    }
    Map<Long, SessionCut> before = byStart(cuts());
    if (insert(visit)) {
      List<SessionCut> after = cuts();
      markStale(before, byStart(after));
      List<SessionCut> changed = new ArrayList<>(after);
      changed.removeIf(cut -> cut.equals(before.get(cut.startMillis())));
      publish(changed, Timing.LATE, watermark, changes);
      delete(after, changes);
      outline(after);
    }
    return true;
  }

  /** Takes a visit without looking at the others. */
  private void append(VisitedPage visit) {
    long time = visit.eventTimeMillis();
    add(visit);
    if (visits != null) {
      insertInto(visits, visit);
    }
    if (newest == null) {
      newest = OpenSession.begin(time);
    } else if (newest.takes(time, policy)) {
      newest = newest.with(time);
    } else if (time > newest.endMillis()) {
      due = Math.min(due, newest.closesAtMillis(policy));
      newest = OpenSession.begin(time);
    } else {
      // Whichever sessions this changes, none of them closes before.
      due = Math.min(due, time + gap);
    }
  }

  /**
   * Publishes what is closed at {@code watermark}, and forgets what cannot change any more.
   *
   * @param changes takes what is to be published now, in this order
   */
  void advance(long watermark, List<SessionChange> changes) {
    if (holdsOnePublishedSession() && watermark >= due) {
      forgetAll();
      return;
    }
    List<SessionCut> cuts = cuts();
    publish(cuts, Timing.ON_TIME, watermark, changes);
    delete(cuts, changes);
    int letGo = 0;
    while (letGo < cuts.size() && watermark >= letGoAt(cuts.get(letGo))) {
      lookedAt().subList(0, cuts.get(letGo).pages().size()).clear();
      floor = cuts.get(letGo).boundaryMillis();
      letGo++;
    }
    hasForgotten |= letGo > 0;
    isEmpty = lookedAt().isEmpty();
    published.headMap(isEmpty ? Long.MAX_VALUE : floor).clear();
    outline(cuts.subList(letGo, cuts.size()));
  }

  /** Whether the only thing left to do is to let all visits go, which takes no look at them. */
  private boolean holdsOnePublishedSession() {
    return newest == null
        && published.size() == 1
        && published.firstEntry().getValue().standing() == Standing.CURRENT;
  }

  private void forgetAll() {
    visits = new ArrayList<>();
    published.clear();
    settled = SessionState.NOTHING_SETTLED;
    due = NEVER;
    isEmpty = true;
    hasForgotten = true;
  }

  /** The earliest time at which a visit is accepted whatever is held. */
  private long earliestAccepted(long watermark) {
    return watermark <= BEGINNING_OF_TIME
        ? BEGINNING_OF_TIME
        : watermark - gap + 1 - policy.allowedLateness().toMillis();
  }

  /** The watermark at which no visit that would be accepted is before the session's boundary. */
  private long letGoAt(SessionCut cut) {
    return cut.boundaryMillis() + gap - 1 + policy.allowedLateness().toMillis();
  }

  private boolean joinsHeld(long time) {
    return lookedAt().stream().anyMatch(visit -> Math.abs(visit.eventTimeMillis() - time) < gap);
  }

  /** Returns whether the visits are others afterwards. */
  private boolean insert(VisitedPage visit) {
    List<VisitedPage> all = lookedAt();
    List<VisitedPage> old = List.copyOf(all);
    insertInto(all, visit);
    dropDuplicates(all);
    if (all.equals(old)) {
      return false;
    }
    add(visit);
    return true;
  }

  private void add(VisitedPage visit) {
    added.add(visit);
    isEmpty = false;
  }

  private static void insertInto(List<VisitedPage> sorted, VisitedPage visit) {
    int at = Collections.binarySearch(sorted, visit);
    sorted.add(at < 0 ? -at - 1 : at, visit);
  }

  private void dropDuplicates(List<VisitedPage> sorted) {
    if (policy.deduplicate()) {
      List<VisitedPage> kept = Duplicates.dropped(sorted);
      sorted.clear();
      sorted.addAll(kept);
    }
  }

  private List<VisitedPage> lookedAt() {
    if (visits == null) {
      visits = new ArrayList<>(held.get());
      visits.addAll(added);
      Collections.sort(visits);
      dropDuplicates(visits);
    }
    return visits;
  }

  private List<SessionCut> cuts() {
    return SessionCut.all(lookedAt(), policy);
  }

  private static Map<Long, SessionCut> byStart(List<SessionCut> cuts) {
    Map<Long, SessionCut> byStart = new HashMap<>();
    cuts.forEach(cut -> byStart.put(cut.startMillis(), cut));
    return byStart;
  }

  private void markStale(Map<Long, SessionCut> before, Map<Long, SessionCut> after) {
    published.replaceAll(
        (start, said) ->
            said.standing() == Standing.CURRENT && !before.get(start).equals(after.get(start))
                ? new Published(start, said.revision(), Standing.STALE)
                : said);
  }

  /** Publishes those sessions that are closed and have not been published as they are. */
  private void publish(
      List<SessionCut> cuts, Timing ofNew, long watermark, List<SessionChange> changes) {
    for (SessionCut cut : cuts) {
      if (watermark >= cut.endMillis() + gap && !isCurrent(cut)) {
        Published said = published.get(cut.startMillis());
        boolean isCorrection = said != null || replacesOther(cut);
        int revision = said == null ? 1 : said.revision() + 1;
        changes.add(
            new Upsert(
                new Session(visitId, cut.pages()),
                revision,
                isCorrection ? Timing.LATE : ofNew,
                cut.endReason()));
        put(new Published(cut.startMillis(), revision, Standing.CURRENT));
      }
    }
  }

  /** Whether a session that was published, and is no more, began inside this one. */
  private boolean replacesOther(SessionCut cut) {
    return published.subMap(cut.startMillis(), false, cut.endMillis(), true).values().stream()
        .anyMatch(said -> said.standing() == Standing.STALE);
  }

  /** Deletes sessions that are no more, if what they are part of now is published. */
  private void delete(List<SessionCut> cuts, List<SessionChange> changes) {
    Map<Long, SessionCut> byStart = byStart(cuts);
    for (Published said : List.copyOf(published.values())) {
      if (said.standing() == Standing.STALE && !byStart.containsKey(said.startMillis())) {
        SessionCut heir = holding(said.startMillis(), cuts);
        Published heirSaid = published.get(heir.startMillis());
        if (heirSaid != null && heirSaid.standing() == Standing.CURRENT) {
          int revision = said.revision() + 1;
          changes.add(
              new Tombstone(
                  visitId,
                  Session.id(visitId, said.startMillis()),
                  revision,
                  Session.id(visitId, heir.startMillis())));
          put(new Published(said.startMillis(), revision, Standing.DELETED));
        }
      }
    }
  }

  private static SessionCut holding(long time, List<SessionCut> cuts) {
    SessionCut holding = cuts.get(0);
    for (SessionCut cut : cuts) {
      if (cut.startMillis() <= time) {
        holding = cut;
      }
    }
    return holding;
  }

  /** Remembers what there is to do, and what to know of the newest session. */
  private void outline(List<SessionCut> cuts) {
    settled = SessionState.NOTHING_SETTLED;
    newest = null;
    due = NEVER;
    for (SessionCut cut : cuts) {
      settled = isCurrent(cut) ? cut.boundaryMillis() : settled;
      newest = isCurrent(cut) ? null : OpenSession.of(cut);
      if (newest != null && !cut.equals(cuts.get(cuts.size() - 1))) {
        due = Math.min(due, newest.closesAtMillis(policy));
      }
    }
    if (cuts.size() > 1 || (cuts.size() == 1 && newest == null)) {
      due = Math.min(due, letGoAt(cuts.get(0)));
    }
  }

  private boolean isCurrent(SessionCut cut) {
    Published said = published.get(cut.startMillis());
    return said != null && said.standing() == Standing.CURRENT;
  }

  private void put(Published said) {
    published.put(said.startMillis(), said);
  }
}
