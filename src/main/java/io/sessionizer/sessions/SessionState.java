package io.sessionizer.sessions;

import io.sessionizer.records.SessionStart;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is remembered of one visit id between visits, besides the visits themselves. It is small,
 * and enough to take most visits without looking at those that are held. It is gone when no visit
 * that would be accepted can touch any of them. All times are epoch milliseconds.
 *
 * @param userId the user of the first visit; visits of another one have it with them
 * @param published what has been said about the sessions that are held, by start
 * @param floorMillis no visit before this time is accepted: one might belong to a session that was
 *     let go
 * @param settledMillis from this time on no visit changes a session that stands as it was
 *     published; {@link #NOTHING_SETTLED} if none does
 * @param firstOrdinal of the session that the first visit that is held starts: others that start in
 *     its millisecond may have been let go
 * @param newest the newest session that is held, unless it was published as it is
 * @param earlier the bytes, at most, of the visits that are in sessions before {@code newest}, but
 *     not in one that stands as it was published, nor before that
 * @param dueMillis the watermark at which there is something else to do than to close {@code
 *     newest}; {@link Long#MAX_VALUE} if there is nothing
 * @param timerMillis the watermark for which the timer is set; not later than {@link #wakeAtMillis}
 */
record SessionState(
    @Nullable String userId,
    List<Published> published,
    long floorMillis,
    long settledMillis,
    int firstOrdinal,
    @Nullable OpenSession newest,
    SessionBytes earlier,
    long dueMillis,
    long timerMillis) {

  static final long NOTHING_SETTLED = Long.MIN_VALUE;

  /** Copies the list. */
  SessionState {
    published = List.copyOf(published);
  }

  /** Returns the watermark at which there is something to do. */
  long wakeAtMillis(SessionPolicy policy) {
    return newest == null ? dueMillis : Math.min(dueMillis, newest.closesAtMillis(policy));
  }

  SessionState withTimer(long watermark) {
    return new SessionState(
        userId,
        published,
        floorMillis,
        settledMillis,
        firstOrdinal,
        newest,
        earlier,
        dueMillis,
        watermark);
  }

  /**
   * What has been said about a session id.
   *
   * @param start the start in the session id
   * @param revision the revision of its last change
   * @param publishedState how what was said compares with what is
   */
  record Published(SessionStart start, int revision, PublishedState publishedState) {}

  /** How what was said about a session id compares with what is. */
  enum PublishedState {
    /** The session is as it was published. */
    CURRENT,
    /** The session has changed, or is no more. */
    STALE,
    /** The session is no more, and that was published. */
    DELETED
  }
}
