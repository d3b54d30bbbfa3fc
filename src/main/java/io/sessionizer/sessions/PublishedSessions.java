package io.sessionizer.sessions;

import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.Timing;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The publications of one visit id, and the next changes to publish. */
final class PublishedSessions {
  private final String visitId;
  private final SessionPolicy policy;
  private final TreeMap<SessionStart, Publication> byStart = new TreeMap<>();

  PublishedSessions(String visitId, SessionPolicy policy, List<Publication> publications) {
    this.visitId = visitId;
    this.policy = policy;
    publications.forEach(this::put);
  }

  /**
   * Publishes the sessions that are closed at a watermark, and retracts those that were merged into
   * them.
   *
   * @param cuts all sessions
   * @param changes receives the published records, in their order
   */
  void close(List<SessionCut> cuts, long watermark, List<SessionRecord> changes) {
    publish(cuts, cut -> true, watermark, Timing.ON_TIME, changes);
    retractMerged(cuts, changes);
  }

  /**
   * Publishes what visits have changed, of the sessions that are closed at a watermark, and
   * retracts those that were merged into them.
   *
   * @param before all sessions before the visits
   * @param after all sessions after them
   * @param ofNew the timing of a session that corrects no other
   * @param changes receives the published records, in their order
   */
  void correct(
      List<SessionCut> before,
      List<SessionCut> after,
      long watermark,
      Timing ofNew,
      List<SessionRecord> changes) {
    Map<SessionStart, SessionCut> beforeByStart = byStart(before);
    markStale(beforeByStart, byStart(after));
    publish(
        after,
        cut -> !cut.isSameSession(beforeByStart.get(cut.start())),
        watermark,
        ofNew,
        changes);
    retractMerged(after, changes);
  }

  /** Marks sessions that have changed as stale, so that they are published when they are closed. */
  void markStale(List<SessionCut> before, List<SessionCut> after) {
    markStale(byStart(before), byStart(after));
  }

  /** All of them, by start. */
  List<Publication> publications() {
    return List.copyOf(byStart.values());
  }

  /** Whether a session is published as it is. */
  boolean isCurrent(SessionCut cut) {
    Publication published = byStart.get(cut.start());
    return published != null && published.status() == Status.CURRENT;
  }

  /**
   * Evicts the publications of sessions before the first retained one, unless their ids may return.
   */
  void evictBefore(SessionStart first, long evictedUpTo) {
    SessionStart lowest = new SessionStart(evictedUpTo, 0);
    byStart.headMap(first.compareTo(lowest) < 0 ? first : lowest).clear();
  }

  private void markStale(
      Map<SessionStart, SessionCut> before, Map<SessionStart, SessionCut> after) {
    byStart.replaceAll(
        (start, published) ->
            published.status() == Status.CURRENT
                    && !Objects.requireNonNull(before.get(start), "a current session has a cut")
                        .isSameSession(after.get(start))
                ? new Publication(start, published.revision(), Status.STALE)
                : published);
  }

  /** Publishes those sessions that are closed and not published as they are. */
  private void publish(
      List<SessionCut> cuts,
      Predicate<SessionCut> which,
      long watermark,
      Timing ofNew,
      List<SessionRecord> changes) {
    for (int i = 0; i < cuts.size(); i++) {
      SessionCut cut = cuts.get(i);
      if (watermark >= policy.closesAt(cut.endMillis()) && !isCurrent(cut) && which.test(cut)) {
        Publication last = byStart.get(cut.start());
        boolean isCorrection = (last != null && last.isOwn()) || replacesOther(cuts, i);
        int revision = last == null ? 1 : last.revision() + 1;
        changes.add(cut.record(visitId, revision, isCorrection ? Timing.LATE : ofNew));
        put(new Publication(cut.start(), revision, Status.CURRENT));
      }
    }
  }

  /** Whether a session that was merged away, and is not retracted yet, began inside this one. */
  private boolean replacesOther(List<SessionCut> cuts, int at) {
    SessionCut cut = cuts.get(at);
    var behindStart = byStart.tailMap(cut.start(), false);
    return (at + 1 < cuts.size() ? behindStart.headMap(cuts.get(at + 1).start()) : behindStart)
        .values().stream()
            .anyMatch(
                published -> published.status() == Status.STALE && beginsInside(cut, published));
  }

  /**
   * Whether the first visit of a session is in a cut that starts before it, if no other one does.
   * That of a session of an earlier job may not be read yet, and then it is behind the cut.
   */
  private static boolean beginsInside(SessionCut cut, Publication published) {
    return published.start().millis() <= cut.endMillis();
  }

  /** Retracts sessions that were merged away, if the session that they are part of is published. */
  private void retractMerged(List<SessionCut> cuts, List<SessionRecord> changes) {
    TreeMap<SessionStart, SessionCut> heirs = new TreeMap<>(byStart(cuts));
    for (Publication published : publications()) {
      if (published.status() == Status.STALE && !heirs.containsKey(published.start())) {
        // There is none if the first visit of an earlier job's session is not read yet.
        var heir = heirs.floorEntry(published.start());
        if (heir != null
            && isCurrent(heir.getValue())
            && beginsInside(heir.getValue(), published)) {
          int revision = published.revision() + 1;
          changes.add(
              new Tombstone(
                  new SessionId(visitId, published.start()),
                  revision,
                  new SessionId(visitId, heir.getKey())));
          put(new Publication(published.start(), revision, Status.RETRACTED));
        }
      }
    }
  }

  private void put(Publication published) {
    byStart.put(published.start(), published);
  }

  private static Map<SessionStart, SessionCut> byStart(List<SessionCut> cuts) {
    Map<SessionStart, SessionCut> byStart = new HashMap<>();
    cuts.forEach(cut -> byStart.put(cut.start(), cut));
    return byStart;
  }
}
