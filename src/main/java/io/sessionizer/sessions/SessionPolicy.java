package io.sessionizer.sessions;

import java.io.Serializable;
import java.time.Duration;

/**
 * When visits are one session, and for how long a session can still be corrected.
 *
 * @param gap two visits of one visit id are one session if they are less than this apart
 * @param allowedLateness for how long after its end, in event time, a session takes late visits
 */
public record SessionPolicy(Duration gap, Duration allowedLateness) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Refuses a gap that is not positive and a negative lateness. */
  public SessionPolicy {
    if (gap.toMillis() < 1) {
      throw new IllegalArgumentException("the gap must be 1 ms or more, not " + gap);
    }
    if (allowedLateness.isNegative()) {
      throw new IllegalArgumentException(
          "the allowed lateness must not be negative, as is " + allowedLateness);
    }
  }
}
