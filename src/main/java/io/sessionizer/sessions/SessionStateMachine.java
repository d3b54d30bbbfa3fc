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

  private final String visitId;
  private final SessionPolicy policy;
  private final long gap;
  private final List<VisitedPage> visits;
  private final TreeMap<Long, Published> published = new TreeMap<>();
  private long floor;
  private long wakeAt;

  /**
   * Goes on from a state.
   *
   * @param state of {@code visitId}, as {@link #state} returned it, or null if there is none
   */
  SessionStateMachine(String visitId, SessionPolicy policy, @Nullable SessionState state) {
    this.visitId = visitId;
    this.policy = policy;
    this.gap = policy.gap().toMillis();
    this.visits = new ArrayList<>();
    this.floor = BEGINNING_OF_TIME;
    if (state != null) {
      visits.addAll(state.visits());
      state.published().forEach(this::put);
      floor = state.floorMillis();
      wakeAt = state.wakeAtMillis();
    }
  }

  /** Returns what to remember, or null if that is nothing. */
  @Nullable SessionState state() {
    return visits.isEmpty()
        ? null
        : new SessionState(visits, List.copyOf(published.values()), floor, wakeAt);
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
    if (visits.isEmpty()) {
      // Whatever was let go before, no accepted visit could touch it: it ends before this.
      floor = earliest;
      wakeAt = time + gap;
    }
    if (time < earliest && !(time >= floor && joinsHeld(time))) {
      return false;
    }
    if (published.isEmpty() && time + gap > watermark) {
      // Nothing was said that this could change, and its session is open.
      insert(visit);
      wakeAt = Math.min(wakeAt, time + gap);
      return true;
    }
    Map<Long, SessionCut> before = byStart(cuts());
    if (insert(visit)) {
      List<SessionCut> after = cuts();
      markStale(before, byStart(after));
      List<SessionCut> changed = new ArrayList<>(after);
      changed.removeIf(cut -> cut.equals(before.get(cut.startMillis())));
      publish(changed, Timing.LATE, watermark, changes);
      delete(after, changes);
      wakeAt = nextWake(after);
    }
    return true;
  }

  /**
   * Publishes what is closed at {@code watermark}, and forgets what cannot change any more.
   *
   * @param changes takes what is to be published now, in this order
   */
  void advance(long watermark, List<SessionChange> changes) {
    List<SessionCut> cuts = cuts();
    publish(cuts, Timing.ON_TIME, watermark, changes);
    delete(cuts, changes);
    int letGo = 0;
    while (letGo < cuts.size() && watermark >= letGoAt(cuts.get(letGo))) {
      visits.subList(0, cuts.get(letGo).pages().size()).clear();
      floor = cuts.get(letGo).boundaryMillis();
      letGo++;
    }
    published.headMap(visits.isEmpty() ? Long.MAX_VALUE : floor).clear();
    if (!visits.isEmpty()) {
      wakeAt = nextWake(cuts.subList(letGo, cuts.size()));
    }
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
    return visits.stream().anyMatch(held -> Math.abs(held.eventTimeMillis() - time) < gap);
  }

  /** Returns whether the visits are others afterwards. */
  private boolean insert(VisitedPage visit) {
    int at = Collections.binarySearch(visits, visit);
    int index = at < 0 ? -at - 1 : at;
    if (!policy.deduplicate()) {
      visits.add(index, visit);
      return true;
    }
    List<VisitedPage> old = List.copyOf(visits);
    visits.add(index, visit);
    List<VisitedPage> kept = Duplicates.dropped(visits);
    visits.clear();
    visits.addAll(kept);
    return !visits.equals(old);
  }

  private List<SessionCut> cuts() {
    return SessionCut.all(visits, policy);
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
      Published said = published.get(cut.startMillis());
      if (watermark >= cut.endMillis() + gap
          && (said == null || said.standing() != Standing.CURRENT)) {
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

  private long nextWake(List<SessionCut> cuts) {
    long next = letGoAt(cuts.get(0));
    for (SessionCut cut : cuts) {
      Published said = published.get(cut.startMillis());
      if (said == null || said.standing() != Standing.CURRENT) {
        next = Math.min(next, cut.endMillis() + gap);
      }
    }
    return next;
  }

  private void put(Published said) {
    published.put(said.startMillis(), said);
  }
}
