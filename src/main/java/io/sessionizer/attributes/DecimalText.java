package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sessionizer.formats.Condition;
import java.math.BigDecimal;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The number that a text is. */
final class DecimalText {
  /** So many digits are always a {@code long}. */
  private static final int DIGITS_OF_LONG = 18;

  private DecimalText() {}

  /**
   * Returns the number that bytes are, as JSON writes it.
   *
   * @return null if they are none, or one that is too long, too large or too small
   */
  static @Nullable BigDecimal parse(byte[] bytes, int from, int length) {
    int to = from + length;
    int at = from < to && bytes[from] == '-' ? from + 1 : from;
    int first = at;
    long digits = 0;
    int scale = 0;
    boolean isFraction = false;
    for (; at < to; at++) {
      byte b = bytes[at];
      if (b >= '0' && b <= '9') {
        digits = 10 * digits + (b - '0');
        scale += isFraction ? 1 : 0;
      } else if (b == '.' && !isFraction) {
        isFraction = true;
      } else {
        break;
      }
    }
    int count = at - first - (isFraction ? 1 : 0);
    boolean isSimple =
        at == to
            && count > 0
            && count <= DIGITS_OF_LONG
            && bytes[first] != '.'
            && bytes[to - 1] != '.'
            && (bytes[first] != '0' || count - scale == 1);
    if (isSimple) {
      return BigDecimal.valueOf(first > from ? -digits : digits, scale);
    }
    return Condition.numberIn(new String(bytes, from, length, US_ASCII));
  }
}
