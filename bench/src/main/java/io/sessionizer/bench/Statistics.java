package io.sessionizer.bench;

import java.util.Arrays;

/** The little that is needed of it. */
final class Statistics {
  private Statistics() {}

  /** Returns the middle one of {@code values}, or the mean of the two in the middle; 0 of none. */
  static double median(double... values) {
    if (values.length == 0) {
      return 0;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
