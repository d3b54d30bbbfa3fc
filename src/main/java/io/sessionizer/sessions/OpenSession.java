package io.sessionizer.sessions;

import io.sessionizer.records.SessionStart;

/**
 * The outline of the newest session of a visit id while it can grow: its visits are not published,
 * or not all of them. All times are epoch milliseconds.
 *
 * @param start its first visit
 * @param endMillis its last visit
 * @param pages how many visits it has
 * @param bytes of its visits, at most
 * @param earlier the bytes, at most, of the visits before it, back to the last session that is
 *     published as it is
 */
record OpenSession(
    SessionStart start, long endMillis, int pages, SessionBytes bytes, SessionBytes earlier)
    implements SessionState.Phase {

  /** The session that a visit begins which none precedes. */
  static OpenSession begin(long time, SessionBytes bytes) {
    return new OpenSession(new SessionStart(time, 0), time, 1, bytes, SessionBytes.NONE);
  }

  static OpenSession of(SessionCut cut, SessionBytes earlier) {
    return new OpenSession(cut.start(), cut.endMillis(), cut.size(), cut.bytes(), earlier);
  }

  /** Whether the session has a visit at {@code time}, for certain, once there is one. */
  boolean accepts(long time, SessionBytes ofVisit, long room, SessionPolicy policy) {
    return isBehindStart(time)
        && policy.rules().keepsTogether(start.millis(), time)
        && bytes.plus(ofVisit).fits(room)
        && accepts(start.millis(), endMillis, pages, time, policy);
  }

  /**
   * Whether a session has a visit at {@code time}, for certain, once there is one, if it has room
   * for its bytes and no rule ends the session.
   *
   * @param start its first visit; not after {@code time}
   * @param end its last visit
   * @param pages how many visits it has
   */
  static boolean accepts(long start, long end, int pages, long time, SessionPolicy policy) {
    return time < end
        ? !policy.isFull(pages)
        : policy.withinGap(end, time)
            && (!policy.isFull(pages) || time == end)
            && policy.withinMaxDuration(start, time);
  }

  /** Whether no session may end before a visit at {@code time} because there is one. */
  boolean certainlyKeepsEnds(long time, SessionBytes ofVisit, long room, SessionPolicy policy) {
    // A session may end, less than the gap, before a visit that it has no room for, or that has
    // another value or date.
    return upTo(time, ofVisit).fits(room)
        && (policy.rules().isNone()
            || (isBehindStart(time) && policy.rules().keepsTogether(start.millis(), time)));
  }

  /** Whether a visit is, by its time alone, behind where the session starts. */
  private boolean isBehindStart(long time) {
    return time > start.millis() || (time == start.millis() && start.ordinal() == 0);
  }

  /** The bytes, at most, of the session that gets a visit, with the visit. */
  SessionBytes upTo(long time, SessionBytes ofVisit) {
    return (isBehindStart(time) ? bytes : earlier).plus(ofVisit);
  }

  /** Adds a visit, to this session or to those before it. */
  OpenSession with(long time, SessionBytes ofVisit) {
    return isBehindStart(time)
        ? new OpenSession(start, Math.max(endMillis, time), pages + 1, bytes.plus(ofVisit), earlier)
        : new OpenSession(start, endMillis, pages, bytes, earlier.plus(ofVisit));
  }

  /** The session that a visit begins which is after this one. */
  OpenSession next(long time, SessionBytes ofVisit) {
    return new OpenSession(new SessionStart(time, 0), time, 1, ofVisit, earlier.plus(bytes));
  }

  /** The watermark at which it closes, if nothing is added. */
  long closesAtMillis(SessionPolicy policy) {
    return policy.closesAt(endMillis);
  }
}
