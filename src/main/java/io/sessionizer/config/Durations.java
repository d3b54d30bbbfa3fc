package io.sessionizer.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Durations as users write them: {@code 16m}, {@code 1h30m}, {@code 250ms}, or in ISO-8601, {@code
 * PT16M}. Units are d (24 hours), h, m, s and ms, in this order, each at most once, in lower case
 * and with a whole number in front.
 */
public final class Durations {
  /** What a flag expects, for messages. */
  public static final String EXPECTED = "a duration such as 16m, 1h30m or PT16M";

  private static final Pattern UNITS =
      Pattern.compile("(?=.)(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

  private Durations() {}

  /**
   * Reads a duration. A number without a unit has no meaning.
   *
   * @throws DateTimeException if the text is none, or longer than a {@link Duration} can be
   */
  public static Duration parse(String text) {
    Matcher units = UNITS.matcher(text);
    if (!units.matches()) {
      return Duration.parse(text);
    }
    try {
      return Duration.ZERO
          .plusDays(number(units.group(1)))
          .plusHours(number(units.group(2)))
          .plusMinutes(number(units.group(3)))
          .plusSeconds(number(units.group(4)))
          .plusMillis(number(units.group(5)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new DateTimeException("too long: " + text, e);
    }
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /**
   * Formats a duration with units: {@code 1h30m}, {@code 0s}. One that is negative or has a part of
   * a millisecond is formatted in ISO-8601.
   */
  public static String format(Duration duration) {
    if (duration.isNegative() || !duration.truncatedTo(ChronoUnit.MILLIS).equals(duration)) {
      return duration.toString();
    }
    String text =
        part(duration.toDays(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s")
            + part(duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
