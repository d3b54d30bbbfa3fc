package io.sessionizer.sessions;

import java.util.Arrays;

/**
 * A heap of slots by the watermark of their next action. An action that is put off stays where it
 * is until its turn comes: a session that grows puts its own off with every visit.
 */
final class NextActions {
  /**
   * Of each slot the watermark under which it is in the heap; {@link SessionState#NEVER} if not.
   */
  private long[] scheduledAt = new long[0];

  private long[] times = new long[4];
  private int[] slots = new int[4];
  private int size;

  /** How many bytes the arrays have. */
  long bytes() {
    return (long) (scheduledAt.length + times.length) * Long.BYTES
        + (long) slots.length * Integer.BYTES;
  }

  /** Whether there is no slot in the heap. */
  boolean isEmpty() {
    return size == 0;
  }

  /** Returns the first watermark, which may be that of an action that was put off or dropped. */
  long firstTime() {
    return times[0];
  }

  /** Returns the slot of the first watermark. */
  int firstSlot() {
    return slots[0];
  }

  /** Whether the first one is of an action that was dropped, or for which another one stands. */
  boolean isFirstObsolete() {
    return scheduledAt[slots[0]] != times[0];
  }

  /** Makes sure that a slot is in the heap at a watermark or before. */
  void schedule(int slot, long time) {
    if (slot >= scheduledAt.length) {
      int before = scheduledAt.length;
      scheduledAt = Arrays.copyOf(scheduledAt, Math.max(slot + 1, before + (before >> 1)));
      Arrays.fill(scheduledAt, before, scheduledAt.length, SessionState.NEVER);
    }
    if (time < scheduledAt[slot]) {
      scheduledAt[slot] = time;
      push(slot, time);
    }
  }

  /** Drops the action of a slot. */
  void cancel(int slot) {
    if (slot < scheduledAt.length) {
      scheduledAt[slot] = SessionState.NEVER;
    }
  }

  /** Puts the first action off. */
  void postponeFirst(long time) {
    scheduledAt[slots[0]] = time;
    sink(slots[0], time);
  }

  /** Removes the first one. */
  void removeFirst() {
    if (!isFirstObsolete()) {
      scheduledAt[slots[0]] = SessionState.NEVER;
    }
    size--;
    if (size > 0) {
      sink(slots[size], times[size]);
    }
  }

  private void push(int slot, long time) {
    if (size == times.length) {
      int capacity = size + (size >> 1);
      times = Arrays.copyOf(times, capacity);
      slots = Arrays.copyOf(slots, capacity);
    }
    int at = size++;
    while (at > 0 && times[(at - 1) >> 1] > time) {
      times[at] = times[(at - 1) >> 1];
      slots[at] = slots[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    times[at] = time;
    slots[at] = slot;
  }

  /** Puts a slot at the first place, and then as far down as it belongs. */
  private void sink(int slot, long time) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (times[child] >= time) {
        break;
      }
      times[at] = times[child];
      slots[at] = slots[child];
      at = child;
    }
    times[at] = time;
    slots[at] = slot;
  }
}
