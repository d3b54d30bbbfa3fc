package io.sessionizer.inspect;

import io.sessionizer.config.Durations;
import java.time.Duration;
import java.util.Locale;

/** NumberText for people. */
final class NumberText {
  private static final long SECOND = 1000;

  private NumberText() {}

  /** For example {@code 1,204}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** For example {@code 1 visit}, {@code 1,204 visits}. */
  static String count(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** For example {@code 12 %}, {@code 0.4 %}; 0 and 100 % are exact. */
  static String percent(long part, long whole) {
    double percent = whole == 0 ? 0 : 100.0 * part / whole;
    if (part == 0 || part == whole) {
      return part == 0 ? "0 %" : "100 %";
    }
    double shown = Math.min(99.9, Math.max(0.1, percent));
    return String.format(Locale.ROOT, percent < 10 || percent > 99 ? "%.1f %%" : "%.0f %%", shown);
  }

  /** For example {@code 8.3}, {@code 1,204}. */
  static String ratio(long part, long whole) {
    double ratio = whole == 0 ? 0 : (double) part / whole;
    return String.format(Locale.ROOT, ratio < 100 ? "%.1f" : "%,.0f", ratio);
  }

  /** For example {@code 250ms}, {@code 16m}, {@code 1d2h}; two units, the rest is left out. */
  static String duration(long millis) {
    long unit =
        millis >= 86_400 * SECOND
            ? 3600 * SECOND
            : millis >= 3600 * SECOND ? 60 * SECOND : millis >= SECOND ? SECOND : 1;
    return Durations.format(Duration.ofMillis(millis / unit * unit));
  }
}
