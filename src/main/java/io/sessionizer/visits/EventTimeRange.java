package io.sessionizer.visits;

import java.io.Serializable;

/**
 * The event times of the visits that a job processes; other visits overlap with another job. Times
 * are epoch milliseconds.
 *
 * @param from the first time in the range
 * @param to the first time behind the range
 */
public record EventTimeRange(long from, long to) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All event times. */
  public static final EventTimeRange ALL = new EventTimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Returns the times before one. */
  public static EventTimeRange before(long to) {
    return new EventTimeRange(Long.MIN_VALUE, to);
  }

  /** Returns one time and those after it. */
  public static EventTimeRange startingAt(long from) {
    return new EventTimeRange(from, Long.MAX_VALUE);
  }

  /** Whether there is no last time in the range. */
  public boolean isOpen() {
    return to == Long.MAX_VALUE;
  }

  /** Whether a time is in the range. */
  boolean contains(long time) {
    return time >= from && time < to;
  }

  /** Whether all visits of a batch are in the range. */
  boolean containsAllOf(ConsumedBatch batch) {
    return !batch.hasVisits() || (contains(batch.oldestMillis()) && contains(batch.newestMillis()));
  }
}
