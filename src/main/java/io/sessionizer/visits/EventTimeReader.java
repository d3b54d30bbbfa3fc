package io.sessionizer.visits;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.concurrent.TimeUnit;

/**
 * Reads event times as {@link EventTime} does, from bytes, digit by digit: most visits have the
 * date of the one before. It rejects nothing and gives no reasons, as {@link EventTime} does. Not
 * thread-safe.
 */
final class EventTimeReader {
  /** In place of a time: the text is none. */
  static final long NONE = Long.MIN_VALUE;

  private static final int DATE = "0000-00-00".length();
  private static final int DATE_AND_TIME = "0000-00-00T00:00".length();
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final int MAX_OFFSET_MINUTES = 18 * 60;
  private static final long MILLIS_PER_DAY = TimeUnit.DAYS.toMillis(1);

  /** In place of a number of two digits, and larger than each. */
  private static final int NO_NUMBER = 100;

  /** The last date that was read: its text, and the day's first millisecond. */
  private long dateBytes;

  private int lastDateBytes;
  private long dateMillis;

  /** Whether the last time had an offset. */
  private boolean hasOffset;

  /** Reads the text from {@code from} to {@code to} as epoch milliseconds. */
  long millis(byte[] text, int from, int to) {
    if (to - from < DATE_AND_TIME || !readDate(text, from)) {
      return NONE;
    }
    int hour = twoDigits(text, from + 11);
    int minute = twoDigits(text, from + 14);
    if (!isSeparator(text[from + DATE]) || text[from + 13] != ':' || hour > 23 || minute > 59) {
      return NONE;
    }
    int at = from + DATE_AND_TIME;
    int second = 0;
    int millis = 0;
    if (at + 3 <= to && text[at] == ':') {
      second = twoDigits(text, at + 1);
      if (second > 59) {
        return NONE;
      }
      at += 3;
      int end = endOfFraction(text, at, to);
      millis = end == at ? 0 : fraction(text, at + 1, end - at - 1);
      at = end;
    }
    hasOffset = at < to;
    int offset = offsetMinutes(text, at, to);
    return Math.abs(offset) > MAX_OFFSET_MINUTES
        ? NONE
        : dateMillis + 1000L * (60 * (60 * hour + minute - offset) + second) + millis;
  }

  /** Whether the time that was read last has {@code Z} or an offset. */
  boolean hasOffset() {
    return hasOffset;
  }

  private boolean readDate(byte[] text, int from) {
    long bytes = EightBytes.at(text, from);
    int lastBytes = (text[from + 8] << Byte.SIZE) | text[from + 9];
    if (bytes == dateBytes && lastBytes == lastDateBytes) {
      return true;
    }
    int century = twoDigits(text, from);
    int year = twoDigits(text, from + 2);
    int month = twoDigits(text, from + 5);
    int day = twoDigits(text, from + 8);
    if (century == NO_NUMBER
        || year == NO_NUMBER
        || text[from + 4] != '-'
        || month < 1
        || month > 12
        || text[from + 7] != '-'
        || day < 1
        || day > YearMonth.of(100 * century + year, month).lengthOfMonth()) {
      return false;
    }
    dateMillis = LocalDate.of(100 * century + year, month, day).toEpochDay() * MILLIS_PER_DAY;
    dateBytes = bytes;
    lastDateBytes = lastBytes;
    return true;
  }

  private static boolean isSeparator(byte b) {
    return b == 'T' || b == ' ' || b == 't';
  }

  /** Returns where the fraction at {@code from} ends, {@code from} itself if there is none. */
  private static int endOfFraction(byte[] text, int from, int to) {
    if (from >= to || (text[from] != '.' && text[from] != ',')) {
      return from;
    }
    int at = from + 1;
    int last = Math.min(to, at + MAX_FRACTION_DIGITS);
    while (at < last && isDigit(text[at])) {
      at++;
    }
    return at == from + 1 ? from : at;
  }

  private static int fraction(byte[] text, int from, int digits) {
    int millis = 100 * (text[from] - '0');
    millis += digits > 1 ? 10 * (text[from + 1] - '0') : 0;
    return millis + (digits > 2 ? text[from + 2] - '0' : 0);
  }

  /** Returns the offset from UTC at {@code from}; a larger one than there are if it is none. */
  private static int offsetMinutes(byte[] text, int from, int to) {
    int length = to - from;
    if (length == 0 || (length == 1 && (text[from] == 'Z' || text[from] == 'z'))) {
      return 0;
    }
    boolean hasColon = length == 6 && text[from + 3] == ':';
    if ((length != 3 && length != 5 && !hasColon) || (text[from] != '+' && text[from] != '-')) {
      return Integer.MAX_VALUE;
    }
    int hours = twoDigits(text, from + 1);
    int minutes = length == 3 ? 0 : twoDigits(text, to - 2);
    if (hours == NO_NUMBER || minutes > 59) {
      return Integer.MAX_VALUE;
    }
    return text[from] == '-' ? -60 * hours - minutes : 60 * hours + minutes;
  }

  private static int twoDigits(byte[] text, int at) {
    byte tens = text[at];
    byte ones = text[at + 1];
    return isDigit(tens) && isDigit(ones) ? 10 * (tens - '0') + ones - '0' : NO_NUMBER;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
