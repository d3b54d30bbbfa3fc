package io.sessionizer.watch;

/** The records written per second in the last ten seconds, by the times of the records. */
final class Rate {
  private static final int SECONDS = 10;

  private final long[] seconds = new long[SECONDS + 1];
  private final long[] counts = new long[SECONDS + 1];

  /** Counts a record that was written at {@code millis}, epoch milliseconds. */
  void count(long millis) {
    long second = millis / 1000;
    int slot = (int) Math.floorMod(second, (long) seconds.length);
    if (seconds[slot] < second) {
      seconds[slot] = second;
      counts[slot] = 0;
    }
    if (seconds[slot] == second) {
      counts[slot]++;
    }
  }

  /** Returns the records per second of the last ten whole seconds before {@code now}. */
  double perSecond(long now) {
    long second = now / 1000;
    long sum = 0;
    for (int slot = 0; slot < seconds.length; slot++) {
      if (seconds[slot] < second && seconds[slot] >= second - SECONDS) {
        sum += counts[slot];
      }
    }
    return sum / (double) SECONDS;
  }
}
