package io.sessionizer.sessions;

import java.io.ByteArrayInputStream;

/** Reads the bytes of a {@link ByteWriter}. */
final class ByteReader extends ByteArrayInputStream {
  ByteReader(byte[] bytes, int from, int length) {
    super(bytes, from, length);
  }

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  byte[] array() {
    return buf;
  }

  int position() {
    return pos;
  }

  boolean hasMore() {
    return pos < count;
  }

  /** Moves behind the next bytes, and returns where they start. */
  int skipBytes(int bytes) {
    if (bytes < 0 || bytes > count - pos) {
      throw new IllegalStateException("the bytes end within a value, at " + pos);
    }
    int from = pos;
    pos += bytes;
    return from;
  }

  long readNumber() {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = buf[skipBytes(1)];
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalStateException("a number does not end, at " + pos);
  }

  int readInt() {
    return Math.toIntExact(readNumber());
  }

  long readSigned() {
    long number = readNumber();
    return (number >>> 1) ^ -(number & 1);
  }
}
