package io.sessionizer.visits;

import java.util.Arrays;

/**
 * The layouts of records that were seen before, as many as fit into some memory. They are dropped
 * and collected anew if many records have others.
 */
final class Layouts {
  /** How many values a record with a layout has, at most. */
  static final int MAX_VALUES = 64;

  private static final int MAX_BYTES = 1 << 16;

  /** The memory of a part without its bytes, roughly. */
  private static final int BYTES_OF_PART = 128;

  private static final int MISSES_UNTIL_RESET = 10_000;

  private Layout root = new Layout(new byte[0], false);
  private int bytes;
  private int misses;

  /** The part before the first. */
  Layout root() {
    return root;
  }

  /**
   * Adds the layout of a record.
   *
   * @param json the record, from {@code from} to {@code to}
   * @param starts where its values start
   * @param ends where they end
   * @param values how many there are
   * @param numbers of each field the number of its value, or -1
   * @param types of each field that has no value its type
   */
  void add(
      byte[] json,
      int from,
      int to,
      int[] starts,
      int[] ends,
      int values,
      int[] numbers,
      byte[] types) {
    int size = to - from + BYTES_OF_PART * (values + 1);
    if (bytes + size > MAX_BYTES) {
      misses++;
      if (misses < MISSES_UNTIL_RESET || size > MAX_BYTES) {
        return;
      }
      root = new Layout(new byte[0], false);
      bytes = 0;
      misses = 0;
    }
    bytes += size;
    Layout at = root;
    int end = from;
    for (int i = 0; i < values; i++) {
      at = at.with(Arrays.copyOfRange(json, end, starts[i]), json[starts[i] - 1] == '"');
      end = ends[i];
    }
    at.end(Arrays.copyOfRange(json, end, to), numbers.clone(), types.clone());
  }
}
