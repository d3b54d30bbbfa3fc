package io.sessionizer.bench;

import java.util.Locale;

/**
 * What a figure has to be.
 *
 * @param figure what is measured
 * @param measured its value; 0 if it is not known
 * @param limit its least or greatest good value
 * @param isMost whether the limit is the greatest good value
 */
record Goal(String figure, double measured, double limit, boolean isMost) {
  static Goal atMost(double limit, String figure, double measured) {
    return new Goal(figure, measured, limit, true);
  }

  static Goal atLeast(double limit, String figure, double measured) {
    return new Goal(figure, measured, limit, false);
  }

  /** Whether the figure is known and good. */
  boolean isMet() {
    return measured > 0 && (isMost ? measured <= limit : measured >= limit);
  }

  /** Returns how the figure compares with its limit, formatted. */
  String verdict() {
    if (measured <= 0) {
      return "not measured";
    }
    double off = 100 * Math.abs(measured - limit) / limit;
    return isMet() ? "met" : String.format(Locale.ROOT, "missed by %.0f%%", off);
  }
}
