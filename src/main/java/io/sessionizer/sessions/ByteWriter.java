package io.sessionizer.sessions;

import java.io.OutputStream;
import java.util.Arrays;

/** A growing array of bytes. Not thread-safe. */
final class ByteWriter extends OutputStream {
  private byte[] bytes;
  private int length;

  ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** The array, of which {@link #length} bytes are written; another one after the next write. */
  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  void truncate(int newLength) {
    length = newLength;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void write(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  /** Writes seven bits a byte, the lowest first. */
  void writeNumber(long number) {
    reserve(10);
    long left = number;
    while ((left & ~0x7FL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** Writes a number that may be negative: 0, -1, 1, -2 as 0, 1, 2, 3. */
  void writeSigned(long number) {
    writeNumber((number << 1) ^ (number >> 63));
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length + (bytes.length >> 1)));
    }
  }
}
