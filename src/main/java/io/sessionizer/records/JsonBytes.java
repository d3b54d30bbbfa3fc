package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** A growing array of UTF-8, to which texts are added as Jackson writes them in JSON. */
public final class JsonBytes {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);
  private static final long[] POWERS_OF_TEN = new long[19];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  private byte[] bytes;
  private int length;

  /** Creates an empty array that has room for some bytes. */
  public JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /** Returns how many bytes there are. */
  public int length() {
    return length;
  }

  /** Drops all bytes behind a length. */
  public void truncate(int newLength) {
    length = newLength;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Adds bytes as they are. */
  public void add(byte[] utf8) {
    add(utf8, 0, utf8.length);
  }

  /** Adds a slice of bytes as they are. */
  public void add(byte[] utf8, int from, int count) {
    reserve(count);
    System.arraycopy(utf8, from, bytes, length, count);
    length += count;
  }

  /** Adds an ASCII character as it is. */
  public void add(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  /** Adds a text in quotes. */
  public void addQuoted(byte[] utf8, int from, int count) {
    reserve(count + 2);
    bytes[length++] = '"';
    int to = from + count;
    int plainFrom = from;
    for (int at = from; at < to; at++) {
      byte next = utf8[at];
      if ((next >= 0 && next < ' ') || next == '"' || next == '\\') {
        addPlain(utf8, plainFrom, at, to);
        addEscaped(next, to - at);
        plainFrom = at + 1;
      }
    }
    addPlain(utf8, plainFrom, to, to);
    bytes[length++] = '"';
  }

  private void addPlain(byte[] utf8, int from, int to, int end) {
    reserve(end - from + 2);
    System.arraycopy(utf8, from, bytes, length, to - from);
    length += to - from;
  }

  private void addEscaped(byte character, int left) {
    reserve(6 + left + 2);
    bytes[length++] = '\\';
    switch (character) {
      case '"', '\\' -> bytes[length++] = character;
      case '\b' -> bytes[length++] = 'b';
      case '\t' -> bytes[length++] = 't';
      case '\n' -> bytes[length++] = 'n';
      case '\f' -> bytes[length++] = 'f';
      case '\r' -> bytes[length++] = 'r';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[character >> 4];
        bytes[length++] = HEX[character & 0xF];
      }
    }
  }

  /** Adds a number. */
  public void add(long number) {
    if (number < 0) {
      add(Long.toString(number).getBytes(US_ASCII));
    } else {
      int digits = 1;
      while (digits < POWERS_OF_TEN.length && number >= POWERS_OF_TEN[digits]) {
        digits++;
      }
      addDigits(number, digits);
    }
  }

  /** Adds the last digits of a number that is not negative. */
  void addDigits(long number, int digits) {
    reserve(digits);
    long left = number;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length += digits;
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
