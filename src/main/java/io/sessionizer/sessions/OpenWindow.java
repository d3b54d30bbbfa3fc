package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.time.Duration;

/**
 * The outline of the newest session window of a visit id. All times are epoch milliseconds.
 *
 * @param startMillis its first visit
 * @param endMillis its last visit
 * @param pages how many visits it has
 * @param bytes of its visits, at most
 */
record OpenWindow(long startMillis, long endMillis, int pages, SessionBytes bytes) {

  /** The window that a visit opens. */
  static OpenWindow open(VisitedPage visit) {
    long time = visit.eventTimeMillis();
    return new OpenWindow(time, time, 1, SessionBytes.of(visit));
  }

  /** Whether a visit at {@code time} is at or behind the end of the window: it opens the next. */
  boolean isBefore(long time, SessionPolicy policy) {
    return !policy.withinGap(endMillis, time);
  }

  /** Adds a visit, unless it is of an earlier window. */
  OpenWindow with(VisitedPage visit, SessionPolicy policy) {
    long time = visit.eventTimeMillis();
    return policy.withinGap(time, startMillis)
        ? new OpenWindow(
            Math.min(startMillis, time),
            Math.max(endMillis, time),
            pages + 1,
            bytes.plus(SessionBytes.of(visit)))
        : this;
  }

  /** Whether it is more than one session may be, and so will be cut when it is emitted. */
  boolean isOverCap(String visitId, SessionPolicy policy) {
    return pages > policy.maxPages()
        || !policy.withinMaxDuration(startMillis, endMillis)
        || isOverBytes(visitId, policy);
  }

  boolean isOverBytes(String visitId, SessionPolicy policy) {
    return !bytes.fits(SessionBytes.room(visitId, policy));
  }

  /** The watermark at which it is emitted, if nothing is added. */
  long closesAtMillis(SessionPolicy policy) {
    return policy.closesAt(endMillis);
  }

  /** The time from its first to its last visit. */
  Duration length() {
    return Duration.ofMillis(endMillis - startMillis);
  }
}
