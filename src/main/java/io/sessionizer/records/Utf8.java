package io.sessionizer.records;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Well-formed UTF-8 in byte arrays, compared and measured without becoming strings. */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final int PRIVATE_USE_LEAD = 0xEE;
  private static final int LAST_LEAD_OF_THREE = 0xEF;

  private Utf8() {}

  /**
   * Compares two texts as {@link String#compareTo} does, by UTF-16 code unit: a character beyond
   * U+FFFF, which is a pair of surrogates there, sorts before U+E000 to U+FFFF.
   */
  public static int compare(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
    int at = Arrays.mismatch(a, aFrom, aFrom + aLength, b, bFrom, bFrom + bLength);
    if (at < 0) {
      return 0;
    }
    return at == aLength || at == bLength
        ? Integer.compare(aLength, bLength)
        : Integer.compare(rank(a[aFrom + at]), rank(b[bFrom + at]));
  }

  /** The first bytes of U+E000 to U+FFFF rank above those of the characters beyond. */
  private static int rank(byte utf8) {
    int unsigned = utf8 & 0xFF;
    return unsigned == PRIVATE_USE_LEAD || unsigned == LAST_LEAD_OF_THREE
        ? unsigned + 0x10
        : unsigned;
  }

  /** Returns how many bytes a text has in JSON at most, escaped as a session's record has it. */
  public static int jsonBytes(byte[] text, int from, int length) {
    int bytes = 0;
    int to = from + length;
    int at = from;
    while (at < to) {
      if (at + Long.BYTES <= to && isPlain((long) LONGS.get(text, at))) {
        bytes += Long.BYTES;
        at += Long.BYTES;
      } else {
        for (int end = Math.min(to, at + Long.BYTES); at < end; at++) {
          bytes += jsonBytes(text[at]);
        }
      }
    }
    return bytes;
  }

  /** Returns how many bytes a text has at most, if the halves of pairs were coded one by one. */
  public static int bytes(byte[] text, int from, int length) {
    int bytes = length;
    for (int at = from; at < from + length; at++) {
      bytes += (text[at] & 0xFF) >= 0xF0 ? 2 : 0;
    }
    return bytes;
  }

  private static int jsonBytes(byte utf8) {
    int unsigned = utf8 & 0xFF;
    if (unsigned < 0x80) {
      return unsigned < ' ' ? 6 : unsigned == '"' || unsigned == '\\' ? 2 : 1;
    }
    return unsigned < 0xC0 ? 0 : unsigned < 0xE0 ? 2 : unsigned < 0xF0 ? 3 : 6;
  }

  /** Whether eight bytes are ASCII characters that JSON does not escape. */
  private static boolean isPlain(long eight) {
    long noted = eight | below(eight, ' ') | zeros(eight ^ '"' * ONES) | zeros(eight ^ '\\' * ONES);
    return (noted & HIGH_BITS) == 0;
  }

  /** Sets high bits if any byte is below {@code limit}. */
  private static long below(long eight, int limit) {
    return (eight - limit * ONES) & ~eight & HIGH_BITS;
  }

  /** Sets high bits if any byte is 0. */
  private static long zeros(long eight) {
    return below(eight, 1);
  }

  /**
   * Returns where the first characters of a text end.
   *
   * @param characters how many, in UTF-16 units; half of a pair counts as the whole of it
   * @return {@code to} if the text has no more
   */
  public static int endOf(int characters, byte[] text, int from, int to) {
    int left = characters;
    int at = from;
    while (at < to && left > 0) {
      int first = text[at] & 0xFF;
      at += first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
      left -= first < 0xF0 ? 1 : 2;
    }
    return at;
  }

  /** Whether a text has more than some characters, in UTF-16 units. */
  public static boolean isLonger(int characters, byte[] text, int from, int length) {
    if (length <= characters) {
      return false;
    }
    int units = 0;
    for (int at = from; at < from + length; at++) {
      int next = text[at] & 0xFF;
      units += next >= 0xF0 ? 2 : next < 0x80 || next >= 0xC0 ? 1 : 0;
    }
    return units > characters;
  }
}
