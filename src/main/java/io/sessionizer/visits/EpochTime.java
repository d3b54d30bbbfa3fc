package io.sessionizer.visits;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Numbers of seconds since 1970, or of thousandths, millionths or billionths, as milliseconds: in
 * decimal arithmetic, since half of the milliseconds are no binary fraction of a second.
 */
final class EpochTime {
  /** In place of a time: not digits with a fraction, or more than 18 or so. */
  static final long NOT_PLAIN = Long.MIN_VALUE;

  /** Numbers before 1990 are of another unit. */
  static final long FIRST_MILLIS = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();

  /** As are numbers after the year 9999. */
  static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  /** A number before this is probably a time of the unit in which it is. */
  static final long PLAUSIBLE_MILLIS = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

  private static final int MILLIS_DIGITS = 3;
  private static final int MAX_EXPONENT = 30;
  private static final int MAX_CHARACTERS = 100;
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private EpochTime() {}

  /**
   * Reads digits, maybe with a fraction, from bytes.
   *
   * @param digits how many digits a unit has behind the second: 0, 3, 6 or 9
   */
  static long millis(byte[] bytes, int from, int to, int digits) {
    long number = 0;
    int at = from;
    for (; at < to && isDigit(bytes[at]); at++) {
      if (number > (Long.MAX_VALUE - 9) / 10) {
        return NOT_PLAIN;
      }
      number = 10 * number + bytes[at] - '0';
    }
    if (at == from) {
      return NOT_PLAIN;
    }
    for (int unit = digits; unit > MILLIS_DIGITS; unit--) {
      number /= 10;
    }
    boolean hasFraction = at < to;
    if (hasFraction && (bytes[at++] != '.' || at == to)) {
      return NOT_PLAIN;
    }
    for (int unit = digits; unit < MILLIS_DIGITS; unit++) {
      if (number > (Long.MAX_VALUE - 9) / 10) {
        return NOT_PLAIN;
      }
      number *= 10;
      if (at < to) {
        if (!isDigit(bytes[at])) {
          return NOT_PLAIN;
        }
        number += bytes[at++] - '0';
      }
    }
    for (; at < to; at++) {
      if (!isDigit(bytes[at])) {
        return NOT_PLAIN;
      }
    }
    return number;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /**
   * Reads any number.
   *
   * @param isNumber whether the text is a number of JSON, which may have an exponent
   * @return milliseconds, rounded down; if it is larger than a long, the largest or smallest
   */
  static long exactMillis(String text, boolean isNumber, int digits) {
    if (text.length() > MAX_CHARACTERS || !(isNumber || DIGITS.matcher(text).matches())) {
      return NOT_PLAIN;
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      return NOT_PLAIN; // an exponent beyond the range of int
    }
    long exponent = (long) number.precision() - number.scale();
    if (number.signum() == 0 || exponent < -MAX_EXPONENT) {
      return number.signum() < 0 ? -1 : 0;
    }
    if (exponent > MAX_EXPONENT) {
      return number.signum() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
    }
    BigDecimal millis =
        number.movePointRight(MILLIS_DIGITS - digits).setScale(0, RoundingMode.FLOOR);
    BigDecimal largest = BigDecimal.valueOf(Long.MAX_VALUE);
    return millis.min(largest).max(largest.negate()).longValueExact();
  }
}
