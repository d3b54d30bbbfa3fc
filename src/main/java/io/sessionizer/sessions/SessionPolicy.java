package io.sessionizer.sessions;

import java.io.Serializable;
import java.time.Duration;

/**
 * When visits are one session, and for how long a session can still be corrected.
 *
 * @param gap two visits of one visit id are one session if they are less than this apart
 * @param allowedLateness for how long after its end, in event time, a session takes late visits
 * @param maxDuration how long after its first visit a session takes others
 * @param maxPages how many visits a session has at most
 * @param maxBytes how many bytes the record of a session has at most
 * @param deduplicate whether visits with the same time and page count as one
 */
public record SessionPolicy(
    Duration gap,
    Duration allowedLateness,
    Duration maxDuration,
    int maxPages,
    int maxBytes,
    boolean deduplicate)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The default of {@link #maxDuration}. */
  public static final Duration ONE_DAY = Duration.ofHours(24);

  /** The default of {@link #maxPages}. */
  public static final int TEN_THOUSAND = 10_000;

  /** The default of {@link #maxBytes}: less than a topic takes by default. */
  public static final int NINE_HUNDRED_THOUSAND = 900_000;

  /** What {@link #maxBytes} must be at least for any visit to fit: its three texts take 86,016. */
  public static final int LEAST_BYTES = 100_000;

  /** Refuses a gap or bounds that are not positive, and a negative lateness. */
  public SessionPolicy {
    if (gap.toMillis() < 1) {
      throw new IllegalArgumentException("the gap must be 1 ms or more, not " + gap);
    }
    if (allowedLateness.isNegative()) {
      throw new IllegalArgumentException(
          "the allowed lateness must not be negative, as is " + allowedLateness);
    }
    if (maxDuration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "the longest session must be 1 ms or more, not " + maxDuration);
    }
    if (maxPages < 1) {
      throw new IllegalArgumentException(
          "the largest session must have 1 page or more, not " + maxPages);
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "the largest session must have 1 byte or more, not " + maxBytes);
    }
  }

  /** A policy with the default of {@link #maxBytes}. */
  public SessionPolicy(
      Duration gap,
      Duration allowedLateness,
      Duration maxDuration,
      int maxPages,
      boolean deduplicate) {
    this(gap, allowedLateness, maxDuration, maxPages, NINE_HUNDRED_THOUSAND, deduplicate);
  }

  /** A policy with the default bounds, which keeps duplicates. */
  public static SessionPolicy of(Duration gap, Duration allowedLateness) {
    return new SessionPolicy(gap, allowedLateness, ONE_DAY, TEN_THOUSAND, false);
  }
}
