package io.sessionizer.visits;

import io.sessionizer.deadletters.Reason;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The event time of a visit as ISO-8601 text: date, {@code T} or a space, time with seconds, up to
 * nine digits of a fraction after a dot or a comma, and {@code Z}, an offset as {@code +01:00} or
 * {@code +0100}, or nothing, which means UTC.
 */
final class EventTime {
  private static final Pattern ISO_8601 =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})[T ](\\d{2}):(\\d{2}):(\\d{2})(?:[.,](\\d{1,9}))?"
              + "(?:Z|([+-])(\\d{2}):?(\\d{2}))?");

  private EventTime() {}

  /**
   * Reads an event time as epoch milliseconds; what is finer than a millisecond is cut off.
   *
   * @throws RefusedVisitException if the text is none, or names a day or a second that does not
   *     exist; a leap second counts as such
   */
  static long parseMillis(String text) throws RefusedVisitException {
    Matcher matcher = ISO_8601.matcher(text);
    if (!matcher.matches()) {
      throw refused(text, "");
    }
    try {
      return LocalDateTime.of(
                      number(matcher, 1),
                      number(matcher, 2),
                      number(matcher, 3),
                      number(matcher, 4),
                      number(matcher, 5),
                      number(matcher, 6))
                  .toEpochSecond(offset(matcher))
              * 1000
          + millis(matcher.group(7));
    } catch (DateTimeException e) {
      throw refused(text, " (" + e.getMessage() + ")");
    }
  }

  private static int number(MatchResult match, int group) {
    return Integer.parseInt(match.group(group));
  }

  private static ZoneOffset offset(MatchResult match) {
    if (match.group(8) == null) {
      return ZoneOffset.UTC;
    }
    int sign = match.group(8).equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(sign * number(match, 9), sign * number(match, 10));
  }

  private static int millis(String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00").substring(0, 3));
  }

  private static RefusedVisitException refused(String text, String detail) {
    return new RefusedVisitException(
        Reason.BAD_EVENT_TIME,
        "event_time "
            + Excerpt.of(text)
            + " is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00"
            + detail);
  }
}
