package io.sessionizer.verify;

/**
 * The event time where an archive of visits in files ends, and the visits of a topic continue.
 *
 * @param millis the time, epoch milliseconds
 * @param isEnd whether only the archive is verified, with the visits that it carries over
 */
public record SeamRule(long millis, boolean isEnd) {
  /** Whether another job has a visit: in files those from the seam on, on a topic those before. */
  boolean isOverlap(boolean isInFile, long time) {
    return isInFile == (time >= millis);
  }
}
