package io.sessionizer.visits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of an array as one number, the first of them being its lowest byte: they are compared
 * and searched as fast as a single byte is.
 */
final class EightBytes {
  private static final VarHandle VIEW =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH = 0x0101010101010101L;
  private static final long HIGHEST_BITS = EACH << (Byte.SIZE - 1);

  private EightBytes() {}

  /** Returns the eight bytes at {@code at}. */
  static long at(byte[] bytes, int at) {
    return (long) VIEW.get(bytes, at);
  }

  /** Returns the first eight bytes from {@code from} to {@code to}; missing ones are 0. */
  static long first(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= Long.BYTES) {
      return at(bytes, from);
    }
    if (from + Long.BYTES <= bytes.length) {
      return at(bytes, from) & mask(length);
    }
    long first = 0;
    for (int i = to - 1; i >= from; i--) {
      first = (first << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return first;
  }

  /**
   * Returns the number in which all bits of the first bytes are set, of {@code count} of 0 to 8.
   */
  static long mask(int count) {
    return count == 0 ? 0 : -1L >>> (Byte.SIZE * (Long.BYTES - count));
  }

  /**
   * Returns the number, 0 to 7, of the first byte at which a JSON text ends or is not plain: a
   * quotation mark, a backslash, a control character, or a byte of a character beyond ASCII; 8 if
   * there is none. A subtraction sets the highest bit of a byte that is smaller than the
   * subtrahend, and maybe of those behind it, which do not matter.
   */
  static int plainTextBytes(long bytes) {
    long quote = (bytes ^ '"' * EACH) - EACH;
    long backslash = (bytes ^ '\\' * EACH) - EACH;
    long control = bytes - ' ' * EACH;
    return Long.numberOfTrailingZeros((quote | backslash | control | bytes) & HIGHEST_BITS) >>> 3;
  }
}
