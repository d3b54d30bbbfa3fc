package io.sessionizer.generator;

/**
 * A limit on the rate of records.
 *
 * @param recordsPerSecond on average since the first record; 0 is as fast as possible
 */
public record RateLimit(long recordsPerSecond) {
  /** As fast as possible. */
  public static final RateLimit UNLIMITED = new RateLimit(0);

  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RateLimit {
    if (recordsPerSecond < 0) {
      throw new IllegalArgumentException(
          "rate must be 0 (as fast as possible) or more records per second, but is "
              + recordsPerSecond);
    }
  }

  /**
   * Returns the time until the next record may be written.
   *
   * @param written the number of records written
   * @param elapsedNanos nanoseconds since the first one
   * @return nanoseconds; 0 or less if it may be written now
   */
  long nanosUntilNext(long written, long elapsedNanos) {
    return recordsPerSecond == 0
        ? 0
        : (long) (written * NANOS_PER_SECOND / recordsPerSecond) - elapsedNanos;
  }
}
