package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.JsonBytes;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Utf8;
import java.math.BigDecimal;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value as a slice of bytes, as {@link ProjectedFields} have it. The order is false, true,
 * numbers, texts by UTF-16 unit.
 *
 * @param type {@link ProjectedFields#FALSE}, {@code TRUE}, {@code NUMBER} or {@code TEXT}
 * @param bytes not copied
 * @param from where the slice starts
 * @param length of the slice
 */
record ValueSlice(byte type, byte[] bytes, int from, int length) implements Comparable<ValueSlice> {
  private static final byte[] NOTHING = {};
  private static final byte[] TRUE_JSON = "true".getBytes(US_ASCII);
  private static final byte[] FALSE_JSON = "false".getBytes(US_ASCII);

  static ValueSlice of(boolean value) {
    return new ValueSlice(value ? ProjectedFields.TRUE : ProjectedFields.FALSE, NOTHING, 0, 0);
  }

  static ValueSlice of(BigDecimal number) {
    byte[] plain = ProjectedFields.plain(number).getBytes(US_ASCII);
    return new ValueSlice(ProjectedFields.NUMBER, plain, 0, plain.length);
  }

  static ValueSlice of(long number) {
    byte[] digits = Long.toString(number).getBytes(US_ASCII);
    return new ValueSlice(ProjectedFields.NUMBER, digits, 0, digits.length);
  }

  /** Whether a value is this one: equal values have equal bytes. */
  boolean is(byte otherType, byte[] other, int otherFrom, int otherLength) {
    return type == otherType
        && Arrays.equals(bytes, from, from + length, other, otherFrom, otherFrom + otherLength);
  }

  /** Returns the characters of a text or a number. */
  String text() {
    return new String(bytes, from, length, UTF_8);
  }

  /** Adds the value to JSON. */
  void write(JsonBytes json) {
    switch (type) {
      case ProjectedFields.TRUE -> json.add(TRUE_JSON);
      case ProjectedFields.FALSE -> json.add(FALSE_JSON);
      case ProjectedFields.NUMBER -> json.add(bytes, from, length);
      default -> json.addQuoted(bytes, from, length);
    }
  }

  @Override
  public int compareTo(ValueSlice other) {
    if (type != other.type) {
      return Byte.compare(type, other.type);
    }
    return switch (type) {
      case ProjectedFields.NUMBER -> new BigDecimal(text()).compareTo(new BigDecimal(other.text()));
      case ProjectedFields.TEXT ->
          Utf8.compare(bytes, from, length, other.bytes, other.from, other.length);
      default -> 0;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ValueSlice that && is(that.type, that.bytes, that.from, that.length);
  }

  @Override
  public int hashCode() {
    int hash = type;
    for (int at = from; at < from + length; at++) {
      hash = 31 * hash + bytes[at];
    }
    return hash;
  }
}
