package io.sessionizer.sessions;

import java.time.Duration;

/**
 * The outline of the newest session window of a visit id. All times are epoch milliseconds.
 *
 * @param startMillis its first visit
 * @param endMillis its last visit
 * @param pages how many visits it has
 */
record OpenWindow(long startMillis, long endMillis, int pages) {

  /** The window that a visit opens. */
  static OpenWindow open(long time) {
    return new OpenWindow(time, time, 1);
  }

  /** Whether a visit at {@code time} is at or behind the end of the window: it opens the next. */
  boolean isBefore(long time, SessionPolicy policy) {
    return time - endMillis >= policy.gap().toMillis();
  }

  /** Adds a visit, unless it is of an earlier window. */
  OpenWindow with(long time, SessionPolicy policy) {
    return startMillis - time >= policy.gap().toMillis()
        ? this
        : new OpenWindow(Math.min(startMillis, time), Math.max(endMillis, time), pages + 1);
  }

  /** Whether it is more than one session may be, and so will be cut when it is emitted. */
  boolean isOverCap(SessionPolicy policy) {
    return pages > policy.maxPages() || length().compareTo(policy.maxDuration()) > 0;
  }

  /** The watermark at which it is emitted, if nothing is added. */
  long closesAtMillis(SessionPolicy policy) {
    return endMillis + policy.gap().toMillis();
  }

  /** The time from its first to its last visit. */
  Duration length() {
    return Duration.ofMillis(endMillis - startMillis);
  }
}
