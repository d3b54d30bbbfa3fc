package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionState.Publication;
import java.util.List;

/**
 * The sessions of one visit id: decides, visit by visit and watermark by watermark, which visits
 * are accepted and which sessions are published, corrected, retracted and evicted. It stores
 * nothing: {@link SessionState} and {@link BufferedVisits} are what its caller loads and stores.
 *
 * <p>A visit id is in one of three phases:
 *
 * <ul>
 *   <li>{@link SessionState.Phase.Empty}: no visit is retained; the next accepted visit begins a
 *       session.
 *   <li>{@link OpenSession}: the newest session is not published as it is, and grows with visits
 *       that are appended unread, until the watermark closes it.
 *   <li>{@link SessionState.Phase.Retained}: the newest session is published as it is, and kept for
 *       late visits until it expires; a visit after its gap begins the next open session.
 * </ul>
 *
 * <p>A published session id is in one of three states:
 *
 * <ul>
 *   <li>{@link SessionState.Status#CURRENT}: the session is as it was published.
 *   <li>{@link SessionState.Status#STALE}: a late visit has changed the session, or merged it into
 *       another one, and the correction follows once that session is closed. So it is with the
 *       sessions of an earlier job, until they are formed again.
 *   <li>{@link SessionState.Status#RETRACTED}: the session was merged away and its tombstone is
 *       published; its revision is kept, since the session id may come back.
 * </ul>
 *
 * <p>And a call is in one of two modes: {@link Appending} as long as every visit of the call could
 * be appended unread, {@link Correcting} from the first one that could not, until {@link #amend}
 * publishes what these visits have changed.
 *
 * <p>For example, with a gap of 16 minutes and an allowed lateness of 20, for the visit id {@code
 * v} (session ids with times in place of milliseconds):
 *
 * <pre>
 * watermark  event                   what happens
 * 0:05       visits at 0:00, 0:10    appended; open, closes at 0:26
 * 0:26                               v@0:00 is published, revision 1, on time: 0:00 to 0:10;
 *                                    it is retained and expires at 1:01:59.999
 * 0:30       visit at 0:36           26 minutes after 0:10: begins the next session
 * 0:52                               v@0:36 is published, revision 1, on time
 * 0:55       visit at 0:23           late, since 0:39 has passed; accepted, since 0:19:00.001 is
 *                                    the earliest time that is; within the gap of both sessions:
 *                                    v@0:00 is published, revision 2, late: 0:00 to 0:36;
 *                                    then v@0:36 is retracted by a tombstone, revision 2
 * 0:55       visit at 0:15           accepted however late: it joins a session that is retained;
 *                                    v@0:00 is published, revision 3, late
 * 1:27:59.999                        0:52, the end of v@0:00 with its gap, is out of reach of
 *                                    accepted visits: all is evicted, the visit id is empty
 * 1:28       visit at 0:51           too late: 0:52:00.001 is the earliest time that is accepted
 * </pre>
 *
 * <p>Invariants, whatever is consumed when:
 *
 * <ul>
 *   <li>The last records are the cut of all accepted visits ({@link SessionCut}), whatever their
 *       order: sessions never overlap.
 *   <li>A session that replaces others is published before their tombstones.
 *   <li>The revisions of a session id only grow.
 * </ul>
 */
final class SessionStateMachine {
  private static final Appending APPENDING = new Appending();

  private final String visitId;
  private final SessionPolicy policy;
  private final long room;
  private final BufferedVisits visits;
  private final List<Publication> earlier;
  private SessionState state;
  private Mode mode = APPENDING;

  private sealed interface Mode permits Appending, Correcting {}

  /** All visits of this call were appended unread. */
  private record Appending() implements Mode {}

  /**
   * Some visits of this call were inserted among the others.
   *
   * @param before the sessions before the first of them
   * @param watermark the last one at which any of them was accepted
   * @param isAnyLate whether any of them was late
   */
  private record Correcting(List<SessionCut> before, long watermark, boolean isAnyLate)
      implements Mode {
    Correcting with(long atWatermark, boolean isLate) {
      return new Correcting(before, Math.max(watermark, atWatermark), isAnyLate || isLate);
    }
  }

  /**
   * Resumes from a state.
   *
   * @param state of {@code visitId}, as {@link #state} returned it
   * @param visits those of {@code visitId}
   */
  SessionStateMachine(
      String visitId, SessionPolicy policy, SessionState state, BufferedVisits visits) {
    this(visitId, policy, state, visits, List.of());
  }

  /**
   * Resumes from a state.
   *
   * @param state of {@code visitId}, as {@link #state} returned it
   * @param visits those of {@code visitId}
   * @param earlier publications of an earlier job, for a state that is empty
   */
  SessionStateMachine(
      String visitId,
      SessionPolicy policy,
      SessionState state,
      BufferedVisits visits,
      List<Publication> earlier) {
    this.visitId = visitId;
    this.policy = policy;
    this.room = SessionBytes.room(visitId, policy);
    this.state = state;
    this.visits = visits;
    this.earlier = earlier;
  }

  /** The state to store, {@link SessionState#EMPTY} if nothing is retained. */
  SessionState state() {
    return state;
  }

  /**
   * Accepts a visit that is consumed at {@code watermark}, or rejects it as too late. After the
   * last one of those that were read together comes {@link #amend}.
   *
   * @return whether it is accepted; if not, nothing has changed
   */
  boolean accept(VisitedPage visit, long watermark) {
    if (isEvicted(visit.eventTimeMillis())) {
      return false;
    }
    boolean isLate = policy.isLate(visit.eventTimeMillis(), watermark);
    if (!isLate && mode instanceof Appending && append(visit, watermark)) {
      return true;
    }
    if (!accepts(visit.eventTimeMillis(), watermark)) {
      return false;
    }
    mode =
        mode instanceof Correcting correcting
            ? correcting.with(watermark, isLate)
            : new Correcting(cuts(), watermark, isLate);
    if (state.isEmpty()) {
      state = begin(visit, SessionBytes.of(visit), watermark);
    }
    visits.insert(visit);
    return true;
  }

  /** Appends a visit unread, if that can be. */
  private boolean append(VisitedPage visit, long watermark) {
    long time = visit.eventTimeMillis();
    SessionBytes bytes = SessionBytes.of(visit);
    if (!state.canAppend(time, bytes, watermark, room, policy)) {
      return false;
    }
    state =
        state.isEmpty() ? begin(visit, bytes, watermark) : state.append(time, bytes, room, policy);
    visits.append(visit);
    return true;
  }

  /** Whatever has expired before, no accepted visit could touch it: it ends before the earliest. */
  private SessionState begin(VisitedPage first, SessionBytes bytes, long watermark) {
    return SessionState.begin(
        OpenSession.begin(first.eventTimeMillis(), bytes),
        first.userId(),
        earlier,
        policy.earliestAccepted(watermark));
  }

  private boolean accepts(long time, long watermark) {
    return policy.accepts(time, watermark)
        || (!state.isEmpty() && visits.isAnyWithinGap(time, policy));
  }

  /**
   * Whether a visit might belong to a session that has expired. By the policy by which that session
   * has expired it is not accepted; but by another one it may be.
   */
  private boolean isEvicted(long time) {
    return !state.isEmpty() && time < state.evictedUpToMillis();
  }

  /**
   * Publishes each closed session once that visits read together have changed, and retracts those
   * that were merged away.
   *
   * @param changes receives the published records, in their order
   */
  void amend(List<SessionRecord> changes) {
    if (!(mode instanceof Correcting correcting)) {
      return;
    }
    mode = APPENDING;
    List<SessionCut> cuts = cuts();
    if (cuts.equals(correcting.before())) {
      return;
    }
    PublishedSessions published = new PublishedSessions(visitId, policy, state.publications());
    Timing ofNew = correcting.isAnyLate() ? Timing.LATE : Timing.ON_TIME;
    published.correct(correcting.before(), cuts, correcting.watermark(), ofNew, changes);
    state = state.with(cuts, published, state.evictedUpToMillis(), policy);
  }

  /**
   * Publishes the sessions that are closed at {@code watermark}, and evicts those that have
   * expired.
   *
   * @param changes receives the published records, in their order
   */
  void advance(long watermark, List<SessionRecord> changes) {
    if (isAllExpired(watermark)) {
      evictAll();
      return;
    }
    List<SessionCut> cuts = cuts();
    PublishedSessions published = new PublishedSessions(visitId, policy, state.publications());
    published.close(cuts, watermark, changes);
    int expired = 0;
    while (expired < cuts.size()
        && watermark >= policy.expiresAt(cuts.get(expired).boundaryMillis())) {
      expired++;
    }
    if (expired == cuts.size()) {
      evictAll();
      return;
    }
    long evictedUpTo = state.evictedUpToMillis();
    for (SessionCut cut : cuts.subList(0, expired)) {
      visits.evict(cut.size());
      evictedUpTo = cut.boundaryMillis();
    }
    List<SessionCut> left = cuts.subList(expired, cuts.size());
    published.evictBefore(left.get(0).start(), evictedUpTo);
    state = state.with(left, published, evictedUpTo, policy);
  }

  /**
   * Cuts all visits anew, which were cut by another policy. Nothing is published: changed sessions
   * are published with the next action.
   *
   * @param before all sessions, as they were cut
   */
  void recut(List<SessionCut> before) {
    List<SessionCut> after = cuts();
    PublishedSessions published = new PublishedSessions(visitId, policy, state.publications());
    published.markStale(before, after);
    state = state.with(after, published, state.evictedUpToMillis(), policy);
  }

  /** Whether all that is retained has expired, if that is certain without loading the visits. */
  private boolean isAllExpired(long watermark) {
    return state.isOnePublishedSession()
        && watermark >= policy.expiresAt(state.unaffectedFromMillis());
  }

  private void evictAll() {
    visits.evictAll();
    state = SessionState.EMPTY;
  }

  private List<SessionCut> cuts() {
    return SessionCut.all(visitId, visits.sorted(), state.firstOrdinal(), policy);
  }
}
