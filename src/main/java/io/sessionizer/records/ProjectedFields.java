package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.zip.CRC32C;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of a visit's projected fields, as bytes: what rules and attributes need of a visit
 * besides its visit id, time, user and page. Immutable.
 *
 * <p>The bytes are entries, by {@linkplain #id id} as an unsigned number: the id in four bytes, the
 * highest first; a type; and of a number and of a text the number of bytes, with seven bits a byte,
 * the lowest first, and the bytes. A text is UTF-8. A number is plain decimal notation, without
 * trailing zeros, so that equal numbers are equal bytes. A value that is missing has no entry.
 *
 * <p>For example, {@code 90 03 FB E3 03 02 34 32} is the number 42 of the field {@code /value}.
 *
 * <p>The fields of two ids are fixed: {@link #SEQUENCE} and {@link #EVENT_ID}.
 *
 * <p>The order of values: missing, false, true, numbers, texts by UTF-16 unit. That of fields is
 * the order of the values of the smallest id that differ. So it depends neither on the order in
 * which visits are read nor on that of the configuration.
 */
public final class ProjectedFields implements Comparable<ProjectedFields> {
  /** The id of a number that orders visits of one millisecond, before anything else does. */
  public static final int SEQUENCE = 0;

  /** The id of the event's own id: events of one time that have the same are duplicates. */
  public static final int EVENT_ID = 1;

  /** How many ids are fixed. */
  private static final int FIXED_IDS = 2;

  /** The type of false. */
  public static final byte FALSE = 1;

  /** The type of true. */
  public static final byte TRUE = 2;

  /** The type of numbers. */
  public static final byte NUMBER = 3;

  /** The type of texts. */
  public static final byte TEXT = 4;

  /** No values. */
  public static final ProjectedFields NONE = new ProjectedFields(new byte[0]);

  private final byte[] bytes;

  private ProjectedFields(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies the values from bytes as above. */
  public static ProjectedFields of(byte[] bytes, int from, int length) {
    return length == 0 ? NONE : new ProjectedFields(Arrays.copyOfRange(bytes, from, from + length));
  }

  /**
   * Returns the id of a field: the CRC-32C of its text, as the user has written it; no fixed id.
   */
  public static int id(String field) {
    byte[] utf8 = field.strip().getBytes(UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(utf8, 0, utf8.length);
    int id = (int) crc.getValue();
    return id == SEQUENCE || id == EVENT_ID ? id + FIXED_IDS : id;
  }

  /** Returns a number as its bytes have it. */
  public static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /** Whether there is no value. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Returns the bytes; to be read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the value of a field: a Boolean, a BigDecimal, a String, or null if it is missing. */
  public @Nullable Object value(int id) {
    Cursor cursor = new Cursor();
    return cursor.find(bytes, 0, bytes.length, id) ? cursor.value() : null;
  }

  /** Compares values in place, in their order. */
  public static int compare(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
    if (Arrays.equals(a, aFrom, aFrom + aLength, b, bFrom, bFrom + bLength)) {
      return 0;
    }
    Cursor first = new Cursor();
    first.reset(a, aFrom, aLength);
    Cursor second = new Cursor();
    second.reset(b, bFrom, bLength);
    while (true) {
      boolean isFirst = first.next();
      boolean isSecond = second.next();
      if (!isFirst || !isSecond) {
        return Boolean.compare(isFirst, isSecond);
      }
      if (first.id != second.id) {
        // The one with the smaller id has a value where the other has none.
        return Integer.compareUnsigned(second.id, first.id);
      }
      int byValue = first.compareValue(second);
      if (byValue != 0) {
        return byValue;
      }
    }
  }

  /** Compares the {@link #SEQUENCE} of values in place; a missing one is first. */
  public static int compareSequence(
      byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
    if (aLength == 0 && bLength == 0) {
      return 0;
    }
    Cursor first = new Cursor();
    Cursor second = new Cursor();
    boolean isFirst = first.find(a, aFrom, aLength, SEQUENCE);
    boolean isSecond = second.find(b, bFrom, bLength, SEQUENCE);
    return isFirst && isSecond ? first.compareValue(second) : Boolean.compare(isFirst, isSecond);
  }

  /** Compares the {@link #SEQUENCE} with that of others; a missing one is first. */
  int compareSequence(ProjectedFields other) {
    return compareSequence(bytes, 0, bytes.length, other.bytes, 0, other.bytes.length);
  }

  @Override
  public int compareTo(ProjectedFields other) {
    return compare(bytes, 0, bytes.length, other.bytes, 0, other.bytes.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProjectedFields that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The ids in hexadecimal and the values. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    Cursor cursor = new Cursor();
    cursor.reset(bytes, 0, bytes.length);
    while (cursor.next()) {
      text.add(Integer.toHexString(cursor.id()) + "=" + cursor.value());
    }
    return text.toString();
  }

  /** Reads values one by one, in place. It can be used again. Not thread-safe. */
  public static final class Cursor {
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int at;
    private int to;
    private int id;
    private byte type;
    private int valueFrom;
    private int valueLength;

    /** Creates a cursor without values. */
    public Cursor() {}

    /** Moves before the first of other values. */
    public void reset(byte[] newBytes, int from, int length) {
      bytes = newBytes;
      at = from;
      to = from + length;
    }

    /** Moves to the next value; false behind the last. */
    public boolean next() {
      if (at == to) {
        return false;
      }
      id =
          (bytes[at] << 24)
              | (bytes[at + 1] & 0xFF) << 16
              | (bytes[at + 2] & 0xFF) << 8
              | (bytes[at + 3] & 0xFF);
      type = bytes[at + 4];
      at += 5;
      valueLength = type < NUMBER ? 0 : readNumber();
      valueFrom = at;
      at += valueLength;
      return true;
    }

    /** Moves to the value of a field among others; false if it is missing. */
    public boolean find(byte[] newBytes, int from, int length, int wanted) {
      reset(newBytes, from, length);
      while (next()) {
        if (id == wanted) {
          return true;
        }
        if (Integer.compareUnsigned(id, wanted) > 0) {
          return false;
        }
      }
      return false;
    }

    /** Returns the id of the field. */
    public int id() {
      return id;
    }

    /** Returns the type: {@link #FALSE}, {@link #TRUE}, {@link #NUMBER} or {@link #TEXT}. */
    public byte type() {
      return type;
    }

    /** Returns the array that the value is a slice of; to be read only. */
    public byte[] bytes() {
      return bytes;
    }

    /** Returns where the bytes of a number or a text start. */
    public int valueFrom() {
      return valueFrom;
    }

    /** Returns how many bytes a number or a text has; 0 of false and true. */
    public int valueLength() {
      return valueLength;
    }

    /** Returns the value as an object: a Boolean, a BigDecimal or a String. */
    public Object value() {
      return switch (type) {
        case FALSE -> false;
        case TRUE -> true;
        case NUMBER -> new BigDecimal(new String(bytes, valueFrom, valueLength, UTF_8));
        default -> new String(bytes, valueFrom, valueLength, UTF_8);
      };
    }

    /** Whether the value is the same as that of another cursor. */
    public boolean isSameValue(Cursor other) {
      return type == other.type
          && Arrays.equals(
              bytes,
              valueFrom,
              valueFrom + valueLength,
              other.bytes,
              other.valueFrom,
              other.valueFrom + other.valueLength);
    }

    /** Compares the value with that of another cursor, in their order. */
    public int compareValue(Cursor other) {
      if (type != other.type) {
        return Byte.compare(type, other.type);
      }
      return switch (type) {
        case NUMBER -> compareNumber(other);
        case TEXT ->
            Utf8.compare(
                bytes, valueFrom, valueLength, other.bytes, other.valueFrom, other.valueLength);
        default -> 0;
      };
    }

    private int compareNumber(Cursor other) {
      boolean isNegative = isNegative();
      if (isNegative != other.isNegative()) {
        return isNegative ? -1 : 1;
      }
      int sign = isNegative ? 1 : 0;
      int digits = integerLength();
      int otherDigits = other.integerLength();
      // Of one number of digits before the point, decimals are in the order of their characters.
      int byMagnitude =
          digits != otherDigits
              ? Integer.compare(digits, otherDigits)
              : Arrays.compare(
                  bytes,
                  valueFrom + sign,
                  valueFrom + valueLength,
                  other.bytes,
                  other.valueFrom + sign,
                  other.valueFrom + other.valueLength);
      return isNegative ? -byMagnitude : byMagnitude;
    }

    private boolean isNegative() {
      return bytes[valueFrom] == '-';
    }

    private int integerLength() {
      int end = valueFrom;
      while (end < valueFrom + valueLength && bytes[end] != '.') {
        end++;
      }
      return end - valueFrom;
    }

    private int readNumber() {
      int number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        number |= (next & 0x7F) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }

  /** Writes values, in any order, one for each field. It can be used again. Not thread-safe. */
  public static final class FieldsWriter {
    private static final int FIRST_BYTES = 64;

    /** The most bytes of an entry besides those of its value. */
    private static final int ENTRY_BYTES = 10;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int lastId;

    /** Creates a writer without values. */
    public FieldsWriter() {}

    /** Drops what was written. */
    public void clear() {
      length = 0;
    }

    /** Returns the array, of which {@link #length} bytes are written; to be read only. */
    public byte[] array() {
      return bytes;
    }

    /** Returns how many bytes are written. */
    public int length() {
      return length;
    }

    /** Returns what was written. */
    public ProjectedFields toFields() {
      return of(bytes, 0, length);
    }

    /** Adds false or true. */
    public void add(int id, boolean value) {
      add(id, value ? TRUE : FALSE, bytes, 0, 0);
    }

    /** Adds a number. */
    public void add(int id, BigDecimal number) {
      byte[] ascii = plain(number).getBytes(UTF_8);
      add(id, NUMBER, ascii, 0, ascii.length);
    }

    /** Adds a number that is written as above, in ASCII. */
    public void addPlain(int id, byte[] number, int from, int count) {
      add(id, NUMBER, number, from, count);
    }

    /** Adds a text. */
    public void add(int id, String text) {
      byte[] utf8 = text.getBytes(UTF_8);
      addText(id, utf8, 0, utf8.length);
    }

    /** Adds a text, which is well-formed UTF-8. */
    public void addText(int id, byte[] utf8, int from, int count) {
      add(id, TEXT, utf8, from, count);
    }

    private void add(int id, byte type, byte[] value, int from, int count) {
      if (ENTRY_BYTES + count > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + ENTRY_BYTES + count));
      }
      int before = length;
      for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        bytes[length++] = (byte) (id >>> shift);
      }
      bytes[length++] = type;
      if (type >= NUMBER) {
        int left = count;
        while (left > 0x7F) {
          bytes[length++] = (byte) (left | 0x80);
          left >>>= 7;
        }
        bytes[length++] = (byte) left;
        System.arraycopy(value, from, bytes, length, count);
        length += count;
      }
      if (before > 0 && Integer.compareUnsigned(id, lastId) <= 0) {
        insert(id, before);
      } else {
        lastId = id;
      }
    }

    /** Moves the last entry to where it belongs. */
    private void insert(int id, int from) {
      Cursor cursor = new Cursor();
      cursor.reset(bytes, 0, from);
      int to = 0;
      while (cursor.next() && Integer.compareUnsigned(cursor.id, id) < 0) {
        to = cursor.at;
      }
      if (cursor.id == id) {
        throw new IllegalArgumentException("a field has one value: " + Integer.toHexString(id));
      }
      byte[] entry = Arrays.copyOfRange(bytes, from, length);
      System.arraycopy(bytes, to, bytes, to + entry.length, from - to);
      System.arraycopy(entry, 0, bytes, to, entry.length);
    }
  }
}
