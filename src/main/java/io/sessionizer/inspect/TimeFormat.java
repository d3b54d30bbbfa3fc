package io.sessionizer.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A format of times, as {@code --eventTimeFormat} has it. Times are epoch milliseconds. */
enum TimeFormat {
  ISO("iso8601"),
  SECONDS("epoch-seconds", 3),
  MILLIS("epoch-millis", 0),
  MICROS("epoch-micros", -3),
  NANOS("epoch-nanos", -6),
  ACCESS_LOG("pattern:dd/MMM/yyyy:HH:mm:ss Z"),
  MAIL("pattern:EEE, d MMM yyyy HH:mm:ss z"),
  YEAR_FIRST("pattern:yyyy/MM/dd HH:mm:ss"),
  MONTH_FIRST("pattern:MM/dd/yyyy HH:mm:ss"),
  DAY_FIRST("pattern:dd/MM/yyyy HH:mm:ss");

  /** In place of a time: the value is none. */
  static final long NONE = Long.MIN_VALUE;

  private static final int NO_NUMBER = Integer.MAX_VALUE;
  private static final String PATTERN = "pattern:";
  private static final int MIN_LENGTH = 9;
  private static final int MAX_LENGTH = 40;

  /** From 1990 to 2100: the units do not overlap. */
  private static final long FIRST_SECOND = 631_152_000L;

  private static final long LAST_SECOND = 4_102_444_800L;

  private static final Pattern NUMBER = Pattern.compile("\\d{9,19}(\\.\\d{0,12})?");

  /** ISO-8601 as the job reads it: with a T or a space, a zone or none. */
  private static final Pattern ISO_TEXT =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?)"
              + "(Z|z|[+-]\\d\\d(?::?\\d\\d)?)?");

  private final String flag;
  private final DateTimeFormatter formatter;

  /** By which power of ten a number is milliseconds; {@link #NO_NUMBER} for texts. */
  private final int power;

  TimeFormat(String flag) {
    this(flag, NO_NUMBER);
  }

  TimeFormat(String flag, int power) {
    this.flag = flag;
    this.power = power;
    this.formatter =
        flag.startsWith(PATTERN)
            ? DateTimeFormatter.ofPattern(
                    flag.substring(PATTERN.length()).replace("yyyy", "uuuu"), Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT)
            : DateTimeFormatter.ISO_OFFSET_DATE_TIME;
  }

  /** Returns the value of {@code --eventTimeFormat}. */
  String flag() {
    return flag;
  }

  /** Whether a text has the length and the first character of a time; most others have not. */
  static boolean mayBeTime(String text) {
    if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
      return false;
    }
    char first = text.charAt(0);
    return (first >= '0' && first <= '9' && text.charAt(1) != '.')
        || text.charAt(3) == ','
        || text.indexOf('E') > 0;
  }

  /** Reads a time, {@link #NONE} if the value has another format. Never throws. */
  long millis(JsonNode value) {
    if (!value.isNumber() && !value.isTextual()) {
      return NONE;
    }
    if (power != NO_NUMBER) {
      return epoch(value.asText());
    }
    return value.isTextual() ? text(value.textValue()) : NONE;
  }

  private long epoch(String text) {
    String digits = text.indexOf('E') > 0 && text.length() <= MAX_LENGTH ? plain(text) : text;
    if (digits.length() < MIN_LENGTH || !NUMBER.matcher(digits).matches()) {
      return NONE;
    }
    BigDecimal millis =
        new BigDecimal(digits).scaleByPowerOfTen(power).setScale(0, RoundingMode.FLOOR);
    boolean isIn =
        millis.compareTo(BigDecimal.valueOf(FIRST_SECOND * 1000)) >= 0
            && millis.compareTo(BigDecimal.valueOf(LAST_SECOND * 1000)) < 0;
    return isIn ? millis.longValue() : NONE;
  }

  /** Returns a number with an exponent without it, if it is as long as a time may be. */
  private static String plain(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs(number.scale()) <= MAX_LENGTH ? number.toPlainString() : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private long text(String text) {
    if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
      return NONE;
    }
    try {
      return this == ISO ? iso(text) : pattern(text);
    } catch (DateTimeException | ArithmeticException e) {
      return NONE;
    }
  }

  private static long iso(String text) {
    if (text.charAt(4) != '-') {
      return NONE;
    }
    Matcher iso = ISO_TEXT.matcher(text);
    if (!iso.matches()) {
      return NONE;
    }
    LocalDateTime local = LocalDateTime.parse(iso.group(1) + "T" + iso.group(2).replace(',', '.'));
    String zone = iso.group(3);
    ZoneOffset offset =
        zone == null || zone.equalsIgnoreCase("z") ? ZoneOffset.UTC : ZoneOffset.of(zone);
    return local.toInstant(offset).toEpochMilli();
  }

  private long pattern(String text) {
    boolean mayMatch =
        switch (this) {
          case ACCESS_LOG -> text.length() > 20 && text.charAt(2) == '/' && text.charAt(11) == ':';
          case MAIL -> text.charAt(3) == ',';
          case YEAR_FIRST -> text.charAt(4) == '/';
          default -> text.charAt(2) == '/' && text.charAt(5) == '/';
        };
    if (!mayMatch) {
      return NONE;
    }
    TemporalAccessor time = formatter.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    return time instanceof OffsetDateTime withOffset
        ? withOffset.toInstant().toEpochMilli()
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Whether a time of this format has a zone; {@code text} is one. */
  boolean hasZone(String text) {
    return switch (this) {
      case ISO -> {
        Matcher iso = ISO_TEXT.matcher(text);
        yield iso.matches() && iso.group(3) != null;
      }
      case YEAR_FIRST, MONTH_FIRST, DAY_FIRST -> false;
      default -> true;
    };
  }
}
