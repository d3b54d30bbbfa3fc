package io.sessionizer.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the values of one field have in common. */
final class FieldStatistics {
  /** Texts that stand for no value. */
  static final Set<String> MISSING = Set.of("", "-", "00000000-0000-0000-0000-000000000000");

  /** How many values of a field with few are counted each. */
  static final int MAX_COUNTED = 40;

  private static final int MAX_COUNTED_LENGTH = 60;
  private static final int MAX_EXAMPLE_LENGTH = 200;
  private static final long NEAR_MILLIS = TimeUnit.HOURS.toMillis(1);

  private final String field;
  private final Map<ValueType, Long> types = new EnumMap<>(ValueType.class);
  private final DistinctValues distinct = new DistinctValues();

  /** The missing texts that were there. */
  private final Map<String, Long> missing = new TreeMap<>();

  /** Empty, and no more filled, once there are too many. */
  private final Map<String, Long> counts = new TreeMap<>();

  private boolean isCounted = true;
  private long present;
  private @Nullable String example;
  private long paths;
  private long urls;
  private long withSpace;
  private long longest;
  private final Map<TimeFormat, Long> times = new EnumMap<>(TimeFormat.class);
  private long near;
  private long increasing;
  private long lastTime = Long.MIN_VALUE;
  private boolean hasZone;

  /** A type of JSON. */
  enum ValueType {
    TEXT("text"),
    NUMBER("number"),
    BOOLEAN("boolean"),
    OBJECT("object"),
    ARRAY("array"),
    JSON_TEXT("JSON text");

    private final String title;

    ValueType(String title) {
      this.title = title;
    }

    private static ValueType of(JsonNode value) {
      if (value.isTextual()) {
        return Shape.object(value.textValue()) == null ? TEXT : JSON_TEXT;
      }
      return value.isNumber()
          ? NUMBER
          : value.isBoolean() ? BOOLEAN : value.isArray() ? ARRAY : OBJECT;
    }
  }

  FieldStatistics(String field) {
    this.field = field;
  }

  /**
   * Adds a value, which is not null.
   *
   * @param kafkaMillis the record's Kafka timestamp, {@link SampledRecord#NO_TIMESTAMP} without one
   */
  void add(JsonNode value, long kafkaMillis) {
    String text = value.isArray() ? "[]" : value.isObject() ? "{}" : value.asText();
    if (value.isTextual() && MISSING.contains(text)) {
      missing.merge(text, 1L, Long::sum);
      return;
    }
    present++;
    ValueType type = ValueType.of(value);
    types.merge(type, 1L, Long::sum);
    distinct.add(text);
    count(text);
    longest = Math.max(longest, text.length());
    if (example == null) {
      String plain = value.isDouble() ? plain(value.doubleValue(), text) : text;
      example = plain.substring(0, Math.min(plain.length(), MAX_EXAMPLE_LENGTH));
    }
    if (type == ValueType.TEXT) {
      paths += text.startsWith("/") ? 1 : 0;
      urls += text.contains("://") ? 1 : 0;
      withSpace += text.indexOf(' ') >= 0 ? 1 : 0;
    }
    if (type == ValueType.TEXT || type == ValueType.NUMBER) {
      addTime(value, text, kafkaMillis);
    }
  }

  /** Returns the text of a number; a large one without an exponent, as users know times. */
  private static String plain(double number, String text) {
    return Math.abs(number) < 1e15
        ? new BigDecimal(number, MathContext.DECIMAL64)
            .setScale(6, RoundingMode.HALF_EVEN)
            .stripTrailingZeros()
            .toPlainString()
        : text;
  }

  private void count(String text) {
    if (isCounted && text.length() <= MAX_COUNTED_LENGTH) {
      counts.merge(text, 1L, Long::sum);
      isCounted = counts.size() <= MAX_COUNTED;
    }
    if (!isCounted || text.length() > MAX_COUNTED_LENGTH) {
      isCounted = false;
      counts.clear();
    }
  }

  private void addTime(JsonNode value, String text, long kafkaMillis) {
    if (!TimeFormat.mayBeTime(text)) {
      return;
    }
    boolean isFirst = true;
    for (TimeFormat format : TimeFormat.values()) {
      long millis = format.millis(value);
      if (millis == TimeFormat.NONE) {
        continue;
      }
      times.merge(format, 1L, Long::sum);
      if (isFirst) {
        isFirst = false;
        hasZone |= format.hasZone(text);
        near += Math.abs(millis - kafkaMillis) < NEAR_MILLIS ? 1 : 0;
        increasing += millis >= lastTime - NEAR_MILLIS ? 1 : 0;
        lastTime = millis;
      }
    }
  }

  String field() {
    return field;
  }

  /** Returns how many records have the field, null and {@link #MISSING} texts not counted. */
  long present() {
    return present;
  }

  /** Returns about how many distinct values there are. */
  long distinct() {
    return Math.min(present, distinct.count());
  }

  /** Returns the number of distinct values for people. */
  String distinctText() {
    return (distinct.isExact() ? "" : "~") + NumberText.count(rounded(distinct()));
  }

  /** An estimate has no more than two digits. */
  private long rounded(long count) {
    if (distinct.isExact()) {
      return count;
    }
    long unit = (long) Math.pow(10, Math.floor(Math.log10((double) count)) - 1);
    return Math.round((double) count / unit) * unit;
  }

  /** Returns the number of values of each text; empty if there are many. */
  Map<String, Long> counts() {
    return counts;
  }

  /** Returns the missing texts that were there. */
  Set<String> missing() {
    return missing.keySet();
  }

  /** Returns the first value, maybe cut off; null if there is none. */
  @Nullable String example() {
    return example;
  }

  /** Returns the names of the types, the most frequent one first. */
  String types() {
    return types.entrySet().stream()
        .sorted(Map.Entry.<ValueType, Long>comparingByValue().reversed())
        .map(type -> type.getKey().title)
        .collect(Collectors.joining(", "));
  }

  /** Returns which part of the values have one of these types. */
  double fraction(ValueType... ofTypes) {
    long values = 0;
    for (ValueType type : ofTypes) {
      values += types.getOrDefault(type, 0L);
    }
    return fraction(values);
  }

  /** Returns which part of the values are paths, which begin with a slash. */
  double paths() {
    return fraction(paths);
  }

  /** Returns which part of the values are URLs with a host. */
  double urls() {
    return fraction(urls);
  }

  /** Returns which part of the values have a space in them. */
  double withSpace() {
    return fraction(withSpace);
  }

  /** Returns the length of the longest value. */
  long longest() {
    return longest;
  }

  private long times(TimeFormat format) {
    return times.getOrDefault(format, 0L);
  }

  /** Returns the format in which most values are times; null if none is one. */
  @Nullable TimeFormat timeFormat() {
    TimeFormat best = null;
    for (TimeFormat format : TimeFormat.values()) {
      long count = times(format);
      if (count > 0 && (best == null || count > times(best))) {
        best = format;
      }
    }
    return best;
  }

  /** Returns another format in which as many values are times: which one is meant is not known. */
  @Nullable TimeFormat otherFormat() {
    TimeFormat best = timeFormat();
    for (TimeFormat format : TimeFormat.values()) {
      if (best != null && format != best && times(format) == times(best)) {
        return format;
      }
    }
    return null;
  }

  /** Returns which part of the values are times. */
  double times() {
    TimeFormat format = timeFormat();
    return format == null ? 0 : fraction(times(format));
  }

  /** Returns which part of the times are less than an hour from the record's Kafka timestamp. */
  double near() {
    return fraction(near);
  }

  /** Returns which part of the times are not an hour earlier than the one before. */
  double increasing() {
    return fraction(increasing);
  }

  /** Whether a time has a zone. */
  boolean hasZone() {
    return hasZone;
  }

  private double fraction(long count) {
    return present == 0 ? 0 : (double) count / present;
  }
}
