package io.sessionizer.sessions;

import java.io.Serializable;
import java.time.Duration;

/**
 * The rules by which the visits of one visit id become sessions: which belong together, when a
 * session is complete, and until when it can be corrected. Times are event times and watermarks, in
 * epoch milliseconds.
 *
 * <p>For example, with a gap of 16 minutes and an allowed lateness of 10 minutes, and visits at
 * 12:00 and 12:15:
 *
 * <ul>
 *   <li>They are one session: 12:15 is {@link #withinGap} of 12:00. A visit at 12:31 is not, since
 *       it is not less than the gap after 12:15.
 *   <li>The session {@link #closesAt} watermark 12:31, when it is published.
 *   <li>A visit at 12:15 that is consumed at watermark 12:31 {@link #isLate}. It is accepted all
 *       the same: at this watermark {@link #earliestAccepted} is 12:05:00.001.
 *   <li>No visit from 12:31 on belongs to the session. It {@link #expiresAt} watermark
 *       12:56:59.999: from then on no earlier visit is accepted, so nothing can change it.
 *   <li>So a session has expired once the watermark is {@link #horizon}, 26 minutes, after its last
 *       visit, give or take a millisecond.
 * </ul>
 *
 * @param gap inactivity that ends a session: visits less than this apart are one session
 * @param allowedLateness how long after its end, in event time, a session still accepts late visits
 * @param maxDuration maximum session length, from its first to its last visit
 * @param maxPages how many visits a session has at most
 * @param maxBytes how many bytes the record of a session has at most
 * @param deduplicate whether visits with the same time and page count as one
 * @param rules what else ends a session
 */
public record SessionPolicy(
    Duration gap,
    Duration allowedLateness,
    Duration maxDuration,
    int maxPages,
    int maxBytes,
    boolean deduplicate,
    SessionRules rules)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The default of {@link #maxDuration}. */
  public static final Duration ONE_DAY = Duration.ofHours(24);

  /** The default of {@link #maxPages}. */
  public static final int TEN_THOUSAND = 10_000;

  /** The default of {@link #maxBytes}: less than a topic accepts by default. */
  public static final int NINE_HUNDRED_THOUSAND = 900_000;

  /** The least {@link #maxBytes} in which any visit fits: its three texts need 86,016. */
  public static final int LEAST_BYTES = 100_000;

  /** Stands for the earliest accepted time at a watermark that is not known yet. */
  private static final long BEGINNING_OF_TIME = Long.MIN_VALUE / 4;

  /** Rejects a gap or bounds that are not positive, and a negative lateness. */
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

  /** A policy without rules. */
  public SessionPolicy(
      Duration gap,
      Duration allowedLateness,
      Duration maxDuration,
      int maxPages,
      int maxBytes,
      boolean deduplicate) {
    this(gap, allowedLateness, maxDuration, maxPages, maxBytes, deduplicate, SessionRules.NONE);
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

  /** Returns the policy with rules. */
  public SessionPolicy with(SessionRules other) {
    return new SessionPolicy(
        gap, allowedLateness, maxDuration, maxPages, maxBytes, deduplicate, other);
  }

  /** Whether a visit is less than the gap after one that is not later. */
  public boolean withinGap(long earlier, long later) {
    return later - earlier < gap.toMillis();
  }

  /** Whether visits from {@code first} to {@code last} are not longer than a session may be. */
  public boolean withinMaxDuration(long first, long last) {
    return last - first <= maxDuration.toMillis();
  }

  /** Whether a session of {@code pages} visits accepts no further one, but of the same time. */
  public boolean isFull(int pages) {
    return pages >= maxPages;
  }

  /** The watermark at which a session is complete whose last visit is at {@code lastVisit}. */
  public long closesAt(long lastVisit) {
    return lastVisit + gap.toMillis();
  }

  /** Whether a session that ends with a visit at {@code time} is complete at a watermark. */
  public boolean isLate(long time, long watermark) {
    return closesAt(time) <= watermark;
  }

  /** The earliest time of a visit that is not late at a watermark. */
  public long earliestOnTime(long watermark) {
    return watermark <= BEGINNING_OF_TIME ? BEGINNING_OF_TIME : watermark - gap.toMillis() + 1;
  }

  /**
   * The earliest time at which a visit is accepted at a watermark, whatever else was accepted. At a
   * watermark that is not known yet, any time that an event has.
   */
  public long earliestAccepted(long watermark) {
    return watermark <= BEGINNING_OF_TIME
        ? BEGINNING_OF_TIME
        : earliestOnTime(watermark) - allowedLateness.toMillis();
  }

  /** Whether a visit at {@code time} is accepted at a watermark, whatever else was accepted. */
  public boolean accepts(long time, long watermark) {
    return time >= earliestAccepted(watermark);
  }

  /**
   * The watermark at which a session expires: no visit before {@code boundary} is accepted then.
   *
   * @param boundary from this time on no visit belongs to the session
   */
  public long expiresAt(long boundary) {
    return closesAt(boundary) - 1 + allowedLateness.toMillis();
  }

  /** How far behind the watermark a visit is too late for a session of its own. */
  public Duration horizon() {
    return gap.plus(allowedLateness);
  }

  /**
   * How far to rewind, at least, so that no session is cut off: one that began before where reading
   * resumes has expired where the earlier job had stopped.
   *
   * @param maxOutOfOrderness how far the watermark trails the newest visit
   */
  public Duration shortestRewind(Duration maxOutOfOrderness) {
    return maxDuration
        .plus(gap.multipliedBy(2))
        .plus(allowedLateness)
        .plus(maxOutOfOrderness.multipliedBy(2));
  }
}
