package io.sessionizer.sessions;

/**
 * The outline of a session that is still to grow. All times are epoch milliseconds.
 *
 * @param startMillis its first visit
 * @param endMillis its last visit
 * @param pages how many visits it has
 */
record OpenSession(long startMillis, long endMillis, int pages) {

  /** The session that a visit begins. */
  static OpenSession begin(long time) {
    return new OpenSession(time, time, 1);
  }

  static OpenSession of(SessionCut cut) {
    return new OpenSession(cut.startMillis(), cut.endMillis(), cut.pages().size());
  }

  /** Whether the session has a visit at {@code time}, for certain, once there is one. */
  boolean takes(long time, SessionPolicy policy) {
    return time < endMillis
        ? time >= startMillis && pages < policy.maxPages()
        : time - endMillis < policy.gap().toMillis()
            && (pages < policy.maxPages() || time == endMillis)
            && time - startMillis <= policy.maxDuration().toMillis();
  }

  OpenSession with(long time) {
    return new OpenSession(startMillis, Math.max(endMillis, time), pages + 1);
  }

  /** The watermark at which it is closed, if nothing is added. */
  long closesAtMillis(SessionPolicy policy) {
    return endMillis + policy.gap().toMillis();
  }
}
