package io.sessionizer.sessions;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A hash table of visit ids, with open addressing: it maps the hash of a visit id to the slot of
 * its state. Visit ids are anybody's input, so hashes differ from process to process: nobody can
 * choose visit ids that collide.
 */
final class VisitIdTable {
  /** Stands for no slot. */
  static final int NONE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LEAST_CELLS = 8;
  private static final long SEED;
  private static final long FACTOR;

  static {
    SecureRandom random = new SecureRandom();
    SEED = random.nextLong();
    FACTOR = random.nextLong() | 1;
  }

  /** The hash of a visit id in the upper half, its slot and 1 in the lower half; or 0. */
  private long[] cells = new long[LEAST_CELLS];

  private int size;

  /** Returns the hash of a visit id in this process. */
  static int hash(byte[] text, int from, int length) {
    long hash = SEED ^ length;
    int at = from;
    for (int to = from + length - Long.BYTES; at <= to; at += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(text, at));
    }
    long tail = 0;
    for (; at < from + length; at++) {
      tail = tail << Byte.SIZE | (text[at] & 0xFF);
    }
    hash = mixed(mixed(hash ^ tail));
    return (int) (hash ^ hash >>> Integer.SIZE);
  }

  private static long mixed(long word) {
    return word * FACTOR ^ Math.multiplyHigh(word, FACTOR);
  }

  /** How many visit ids there are. */
  int size() {
    return size;
  }

  /** How many bytes the table has. */
  long bytes() {
    return (long) cells.length * Long.BYTES;
  }

  /** Returns the slot of a visit id whose state is in {@code states}, or {@link #NONE}. */
  int find(byte[] text, int from, int length, int hash, byte[][] states) {
    int mask = cells.length - 1;
    for (int at = hash & mask; cells[at] != 0; at = (at + 1) & mask) {
      if (hashOf(cells[at]) == hash) {
        byte[] state = states[slotOf(cells[at])];
        if (PackedState.visitIdLength(state) == length
            && Arrays.equals(
                state,
                PackedState.VISIT_ID,
                PackedState.VISIT_ID + length,
                text,
                from,
                from + length)) {
          return slotOf(cells[at]);
        }
      }
    }
    return NONE;
  }

  /** Adds a visit id that is not there. */
  void add(int hash, int slot) {
    if (3L * (size + 1) > 2L * cells.length) {
      long[] before = cells;
      cells = new long[2 * before.length];
      for (long cell : before) {
        if (cell != 0) {
          put(cell);
        }
      }
    }
    put((long) hash << Integer.SIZE | (slot + 1));
    size++;
  }

  private void put(long cell) {
    int mask = cells.length - 1;
    int at = hashOf(cell) & mask;
    while (cells[at] != 0) {
      at = (at + 1) & mask;
    }
    cells[at] = cell;
  }

  /** Removes a visit id that is there, and moves those behind it that it kept from their cells. */
  void remove(int hash, int slot) {
    int mask = cells.length - 1;
    int gap = hash & mask;
    while (slotOf(cells[gap]) != slot) {
      gap = (gap + 1) & mask;
    }
    for (int at = (gap + 1) & mask; cells[at] != 0; at = (at + 1) & mask) {
      int distance = (at - (hashOf(cells[at]) & mask)) & mask;
      if (distance >= ((at - gap) & mask)) {
        cells[gap] = cells[at];
        gap = at;
      }
    }
    cells[gap] = 0;
    size--;
  }

  private static int hashOf(long cell) {
    return (int) (cell >>> Integer.SIZE);
  }

  private static int slotOf(long cell) {
    return (int) cell - 1;
  }
}
