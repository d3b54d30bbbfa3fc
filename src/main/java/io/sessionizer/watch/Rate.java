package io.sessionizer.watch;

import java.time.Clock;

/** The records written in each second of the last minute, by the times of the records. */
final class Rate {
  static final int SECONDS = 60;

  private final long[] seconds = new long[SECONDS + 1];
  private final long[] counts = new long[SECONDS + 1];
  private final Clock clock;

  /**
   * Creates one without records.
   *
   * @param clock to ignore records that were written in the future, by the clock of their writer
   */
  Rate(Clock clock) {
    this.clock = clock;
  }

  /** Counts a record that was written at {@code millis}, epoch milliseconds. */
  void count(long millis) {
    if (millis > clock.millis()) {
      return;
    }
    long second = millis / 1000;
    int slot = slot(second);
    if (seconds[slot] < second) {
      seconds[slot] = second;
      counts[slot] = 0;
    }
    if (seconds[slot] == second) {
      counts[slot]++;
    }
  }

  /** Returns the records of each of the last 60 whole seconds before {@code now}, oldest first. */
  long[] lastMinute(long now) {
    long[] minute = new long[SECONDS];
    for (int i = 0; i < SECONDS; i++) {
      long second = now / 1000 - SECONDS + i;
      minute[i] = seconds[slot(second)] == second ? counts[slot(second)] : 0;
    }
    return minute;
  }

  private int slot(long second) {
    return (int) Math.floorMod(second, (long) seconds.length);
  }
}
