package io.sessionizer.sessions;

import java.util.List;

/**
 * What is remembered of one visit id between visits. It is gone when no visit that would be
 * accepted can touch any of it. All times are epoch milliseconds.
 *
 * @param visits the visits of the sessions that are held, in their order; at least one
 * @param published what has been said about these sessions, by start
 * @param floorMillis no visit before this time is accepted: one might belong to a session that was
 *     let go
 * @param wakeAtMillis the watermark at which there is something to do
 */
record SessionState(
    List<VisitedPage> visits, List<Published> published, long floorMillis, long wakeAtMillis) {

  /** Copies the lists. */
  SessionState {
    visits = List.copyOf(visits);
    published = List.copyOf(published);
  }

  /**
   * What has been said about a session id.
   *
   * @param startMillis the start in the session id
   * @param revision the revision of its last change
   * @param standing how what was said compares with what is
   */
  record Published(long startMillis, int revision, Standing standing) {}

  /** How what was said about a session id compares with what is. */
  enum Standing {
    /** The session is as it was published. */
    CURRENT,
    /** The session has changed, or is no more. */
    STALE,
    /** The session is no more, and that was published. */
    DELETED
  }
}
