package io.sessionizer.visits;

import io.sessionizer.records.Reason;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The event time of a visit as ISO-8601 text, as RFC 3339, PostgreSQL and Java write it: date,
 * {@code T}, {@code t} or a space, hour and minute, maybe a second, behind it maybe one to nine
 * digits of a fraction after a dot or a comma, and {@code Z}, {@code z}, an offset as {@code
 * +01:00}, {@code +0100} or {@code +01}, or nothing, which means UTC.
 */
final class EventTime {
  /**
   * A shape, read by hand, which is nine times as fast as a regular expression: a 0 stands for any
   * digit, T for itself, t or a space, + for a sign.
   */
  private static final String DATE_AND_TIME = "0000-00-00T00:00";

  private static final String SECOND = ":00";

  private static final int MAX_FRACTION_DIGITS = 9;

  private EventTime() {}

  /**
   * Reads an event time as epoch milliseconds; fractions of a millisecond are cut off.
   *
   * @param field the name of the field, for messages
   * @throws RejectedVisitException if the text is none, or names a day or a second that does not
   *     exist; a leap second counts as such
   */
  static long parseMillis(String field, String text) throws RejectedVisitException {
    int second = DATE_AND_TIME.length();
    boolean hasSecond = hasShape(text, second, SECOND);
    int fraction = hasSecond ? second + SECOND.length() : second;
    int offset = hasSecond ? endOfFraction(text, fraction) : second;
    if (!hasShape(text, 0, DATE_AND_TIME) || !isOffset(text, offset)) {
      throw rejected(field, text, "");
    }
    try {
      return dateAndTime(text, hasSecond).toEpochSecond(offset(text, offset)) * 1000
          + millis(text, fraction + 1, offset);
    } catch (DateTimeException e) {
      throw rejected(field, text, " (" + e.getMessage() + ")");
    }
  }

  /** Returns where the fraction at {@code from} ends, {@code from} itself if there is none. */
  private static int endOfFraction(String text, int from) {
    if (from >= text.length() || (text.charAt(from) != '.' && text.charAt(from) != ',')) {
      return from;
    }
    int end = from + 1;
    int last = Math.min(text.length(), end + MAX_FRACTION_DIGITS);
    while (end < last && isDigit(text.charAt(end))) {
      end++;
    }
    return end == from + 1 ? from : end;
  }

  private static boolean isOffset(String text, int from) {
    return switch (text.length() - from) {
      case 0 -> true;
      case 1 -> text.charAt(from) == 'Z' || text.charAt(from) == 'z';
      case 3 -> hasShape(text, from, "+00");
      case 5 -> hasShape(text, from, "+0000");
      case 6 -> hasShape(text, from, "+00:00");
      default -> false;
    };
  }

  private static boolean hasShape(String text, int from, String shape) {
    if (text.length() < from + shape.length()) {
      return false;
    }
    for (int i = 0; i < shape.length(); i++) {
      if (!fits(text.charAt(from + i), shape.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(char c, char shape) {
    return switch (shape) {
      case '0' -> isDigit(c);
      case 'T' -> c == 'T' || c == ' ' || c == 't';
      case '+' -> c == '+' || c == '-';
      default -> c == shape;
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static LocalDateTime dateAndTime(String text, boolean hasSecond) {
    return LocalDateTime.of(
        number(text, 0, 4),
        number(text, 5, 7),
        number(text, 8, 10),
        number(text, 11, 13),
        number(text, 14, 16),
        hasSecond ? number(text, 17, 19) : 0);
  }

  private static ZoneOffset offset(String text, int from) {
    int length = text.length() - from;
    if (length <= 1) {
      return ZoneOffset.UTC;
    }
    int sign = text.charAt(from) == '-' ? -1 : 1;
    int hours = number(text, from + 1, from + 3);
    int minutes = length == 3 ? 0 : number(text, text.length() - 2, text.length());
    return hours == 0 && minutes == 0 // without looking it up
        ? ZoneOffset.UTC
        : ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  /** Returns the first three digits of a fraction, the missing ones being zeros. */
  private static int millis(String text, int from, int to) {
    int millis = 0;
    for (int i = from; i < from + 3; i++) {
      millis = 10 * millis + (i < to ? text.charAt(i) - '0' : 0);
    }
    return millis;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + text.charAt(i) - '0';
    }
    return number;
  }

  private static RejectedVisitException rejected(String field, String text, String detail) {
    return new RejectedVisitException(
        Reason.BAD_EVENT_TIME,
        field
            + " "
            + Excerpt.of(text)
            + " is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00"
            + detail);
  }
}
