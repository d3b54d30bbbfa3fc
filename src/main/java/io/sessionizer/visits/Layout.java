package io.sessionizer.visits;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A part of records that were written alike: the bytes between two of their values, or before the
 * first or behind the last, and what may follow. Values are texts, numbers, {@code true}, {@code
 * false} and {@code null}; their bytes are no part of a layout. After the root, the records {@code
 * {"page":"a","n":1}} and {@code {"page":"b","n":2}} are
 *
 * <pre>{@code
 * {"page":"  a text   ","n":  another value   }  the end
 * }</pre>
 *
 * and a record whose value {@code n} is a text continues with {@code ","n":"} instead.
 */
final class Layout {
  private static final Layout[] NONE = {};

  private final byte[] bytes;
  private final boolean isText;

  /** All bytes, eight at a time; the last of these words has those that remain. */
  private final long[] words;

  private final long lastWord;
  private final long lastMask;

  private Layout[] following = NONE;

  /** At the end of a record, of each field: the number of its value, or else its type. */
  private int @Nullable [] numbers;

  private byte[] types = {};

  /**
   * Creates a part.
   *
   * @param bytes of the part
   * @param isText whether the value behind it is a text, whose quotation marks are in the layout
   */
  Layout(byte[] bytes, boolean isText) {
    this.bytes = bytes;
    this.isText = isText;
    int full = Math.max(0, bytes.length - 1) / Long.BYTES;
    this.words = new long[full];
    for (int i = 0; i < full; i++) {
      words[i] = EightBytes.at(bytes, i * Long.BYTES);
    }
    this.lastWord = EightBytes.first(bytes, full * Long.BYTES, bytes.length);
    this.lastMask = EightBytes.mask(bytes.length - full * Long.BYTES);
  }

  /** Returns the part that the bytes at {@code at} continue with; null if none was seen before. */
  @Nullable Layout next(byte[] json, int at, int limit) {
    for (Layout next : following) {
      if (next.matches(json, at, limit)) {
        return next;
      }
    }
    return null;
  }

  private boolean matches(byte[] json, int from, int limit) {
    int at = from;
    if (at > json.length - Long.BYTES * (words.length + 1)) {
      return limit - at >= bytes.length && isEqual(json, at) && isEndAt(at, limit);
    }
    for (long word : words) {
      if (EightBytes.at(json, at) != word) {
        return false;
      }
      at += Long.BYTES;
    }
    return (EightBytes.at(json, at) & lastMask) == lastWord && isEndAt(from, limit);
  }

  private boolean isEqual(byte[] json, int at) {
    return Arrays.equals(json, at, at + bytes.length, bytes, 0, bytes.length);
  }

  /** Whether the part is the last of the record, if it is the last of records with this layout. */
  private boolean isEndAt(int at, int limit) {
    return numbers == null || at + bytes.length == limit;
  }

  /** Adds a part, unless there is the same. */
  Layout with(byte[] part, boolean partIsText) {
    for (Layout next : following) {
      if (!next.isEnd() && next.isText == partIsText && Arrays.equals(next.bytes, part)) {
        return next;
      }
    }
    return append(new Layout(part, partIsText));
  }

  /** Adds the last part of a record. */
  void end(byte[] part, int[] numbersOfFields, byte[] typesOfFields) {
    Layout end = append(new Layout(part, false));
    end.numbers = numbersOfFields;
    end.types = typesOfFields;
  }

  private Layout append(Layout next) {
    following = Arrays.copyOf(following, following.length + 1);
    following[following.length - 1] = next;
    return next;
  }

  int length() {
    return bytes.length;
  }

  boolean isText() {
    return isText;
  }

  boolean isEnd() {
    return numbers != null;
  }

  int number(int slot) {
    return numbers == null ? 0 : numbers[slot];
  }

  byte type(int slot) {
    return types[slot];
  }
}
