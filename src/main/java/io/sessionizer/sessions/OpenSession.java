package io.sessionizer.sessions;

import io.sessionizer.records.SessionStart;

/**
 * The outline of a session that is still to grow. All times are epoch milliseconds.
 *
 * @param start its first visit
 * @param endMillis its last visit
 * @param pages how many visits it has
 * @param bytes of its visits, at most
 */
record OpenSession(SessionStart start, long endMillis, int pages, SessionBytes bytes) {

  /** The session that a visit begins. */
  static OpenSession begin(long time, SessionBytes bytes) {
    return new OpenSession(new SessionStart(time, 0), time, 1, bytes);
  }

  static OpenSession of(SessionCut cut) {
    return new OpenSession(cut.start(), cut.endMillis(), cut.pages().size(), cut.bytes());
  }

  /** Whether the session has a visit at {@code time}, for certain, once there is one. */
  boolean accepts(long time, SessionBytes ofVisit, long room, SessionPolicy policy) {
    return isBehindStart(time)
        && bytes.plus(ofVisit).fits(room)
        && (time < endMillis
            ? !policy.isFull(pages)
            : policy.withinGap(endMillis, time)
                && (!policy.isFull(pages) || time == endMillis)
                && policy.withinMaxDuration(start.millis(), time));
  }

  /** Whether a visit is, by its time alone, behind where the session starts. */
  boolean isBehindStart(long time) {
    return time > start.millis() || (time == start.millis() && start.ordinal() == 0);
  }

  OpenSession with(long time, SessionBytes ofVisit) {
    return new OpenSession(start, Math.max(endMillis, time), pages + 1, bytes.plus(ofVisit));
  }

  /** The watermark at which it is closed, if nothing is added. */
  long closesAtMillis(SessionPolicy policy) {
    return policy.closesAt(endMillis);
  }
}
