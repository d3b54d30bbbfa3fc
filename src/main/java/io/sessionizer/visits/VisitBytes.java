package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A growing array of bytes, with numbers and texts as a {@link VisitPacket} has them. */
final class VisitBytes {
  /** The most bytes that a number needs. */
  private static final int NUMBER_BYTES = 10;

  private byte[] bytes;
  private int length;

  VisitBytes(int size) {
    this.bytes = new byte[size];
  }

  int length() {
    return length;
  }

  /** Drops what was written. */
  void clear() {
    length = 0;
  }

  /** Returns a copy with {@code before} in front. */
  byte[] behind(VisitBytes before) {
    byte[] both = Arrays.copyOf(before.bytes, before.length + length);
    System.arraycopy(bytes, 0, both, before.length, length);
    return both;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Writes a text that may be missing. */
  void writeText(@Nullable String text) {
    if (text == null) {
      writeByte(0);
    } else {
      byte[] utf8 = text.getBytes(UTF_8);
      writeText(utf8, 0, utf8.length, 1);
    }
  }

  /** Writes a text that is missing if its length is negative. */
  void writeText(byte[] utf8, int from, int length) {
    if (length < 0) {
      writeByte(0);
    } else {
      writeText(utf8, from, from + length, 1);
    }
  }

  /** Writes a text behind its length and {@code plus}. */
  void writeText(byte[] utf8, int from, int to, int plus) {
    writeNumber((long) to - from + plus);
    writeBytes(utf8, from, to);
  }

  /** Writes projected fields in front of a visit's texts; nothing if there are none. */
  void writeFields(byte[] fields, int from, int length) {
    if (length > 0) {
      writeByte(VisitPacket.FIELDS);
      writeText(fields, from, from + length, 0);
    }
  }

  void writeBytes(byte[] more, int from, int to) {
    reserve(to - from);
    System.arraycopy(more, from, bytes, length, to - from);
    length += to - from;
  }

  void writeBytes(VisitBytes more) {
    writeBytes(more.bytes, 0, more.length);
  }

  void writeSigned(long number) {
    writeNumber((number << 1) ^ (number >> (Long.SIZE - 1)));
  }

  void writeNumber(long number) {
    reserve(NUMBER_BYTES);
    long left = number;
    while ((left & ~0x7FL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** Writes a number in eight bytes, the highest first. */
  void writeLong(long number) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      writeByte((int) (number >>> shift));
    }
  }

  /** Writes a number in four bytes, the highest first. */
  void writeInt(int number) {
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      writeByte(number >>> shift);
    }
  }

  void writeByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
