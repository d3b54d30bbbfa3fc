package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The states of the visit ids of one shard in memory: found by visit id, and by the watermark of
 * their next action. A visit id has a slot, a small number, until all of it has expired.
 */
final class ShardIndex {
  /** Stands for no slot. */
  static final int NONE = VisitIdTable.NONE;

  /** What a state has in the log besides its texts and visits, about. */
  private static final int BYTES_AROUND_TEXTS = 32;

  /** In place of the state of a slot that is free. */
  private static final byte[] FREE = {};

  private static final int ARRAY_HEADER = 16;

  private final SessionPolicy policy;
  private final PageTable pages;
  private final UniformValues uniform;
  private final VisitIdTable table = new VisitIdTable();
  private final NextActions nextActions = new NextActions();
  private byte[][] states = new byte[4][];

  /** Of each slot the state that is {@link PackedState#OTHER}; shorter if there are none. */
  private @Nullable SessionState[] others = new SessionState[0];

  private int[] freeSlots = new int[0];
  private int free;

  /** From this slot on all are unused. */
  private int usedSlots;

  private long bytesAlive;
  private long arrayBytes;

  ShardIndex(SessionPolicy policy) {
    this(policy, new PageTable());
  }

  ShardIndex(SessionPolicy policy, PageTable pages) {
    this.policy = policy;
    this.pages = pages;
    this.uniform = new UniformValues(policy.rules());
  }

  /** The pages of the visits. */
  PageTable pages() {
    return pages;
  }

  int size() {
    return table.size();
  }

  /** From this slot on all are unused. */
  int usedSlots() {
    return usedSlots;
  }

  boolean isUsed(int slot) {
    return slot < usedSlots && states[slot] != FREE;
  }

  /** How many bytes the log has of these states, if it has nothing else. */
  long bytesAlive() {
    return bytesAlive + pages.bytesInLog();
  }

  /** How many bytes of memory the index has, about. */
  long bytes() {
    return arrayBytes
        + table.bytes()
        + nextActions.bytes()
        + pages.bytes()
        + (long) (states.length + others.length + freeSlots.length) * Integer.BYTES;
  }

  /** Returns the slot of a visit id, or {@link #NONE}. */
  int find(byte[] text, int from, int length) {
    return table.find(text, from, length, VisitIdTable.hash(text, from, length), states);
  }

  /** The state in a slot, to be read only. */
  byte[] packed(int slot) {
    return states[slot];
  }

  SessionState state(int slot) {
    byte[] packed = states[slot];
    if (PackedState.form(packed) != PackedState.OTHER) {
      return PackedState.unpacked(packed, policy);
    }
    SessionState other = slot < others.length ? others[slot] : null;
    return other == null ? SessionState.EMPTY : other;
  }

  /** Returns all visits, in the order in which they were accepted. */
  List<VisitedPage> visits(int slot) {
    return PackedVisitReader.all(states[slot], pages);
  }

  long nextActionAt(int slot) {
    byte[] state = states[slot];
    return PackedState.form(state) == PackedState.OTHER
        ? state(slot).wakeAtMillis(policy)
        : PackedState.nextActionAt(state, policy);
  }

  /** Adds a visit id, and returns its slot. */
  int add(byte[] state) {
    int slot = free > 0 ? freeSlots[--free] : usedSlots;
    put(slot, state);
    return slot;
  }

  /**
   * Adds a visit id in a slot that is not used. Before the next {@link #add} must come {@link
   * #sealSlots}.
   */
  void put(int slot, byte[] state) {
    if (isUsed(slot)) {
      throw new IllegalStateException("two visit ids are in the slot " + slot);
    }
    if (slot >= states.length) {
      states = Arrays.copyOf(states, Math.max(slot + 1, states.length + (states.length >> 1)));
    }
    if (slot >= usedSlots) {
      Arrays.fill(states, usedSlots, slot, FREE);
      usedSlots = slot + 1;
    }
    states[slot] = state;
    table.add(hash(state), slot);
    bytesAlive += alive(state);
    arrayBytes += ARRAY_HEADER + state.length;
  }

  /** Makes slots that are not used those that {@link #add} uses. */
  void sealSlots() {
    free = 0;
    for (int slot = usedSlots - 1; slot >= 0; slot--) {
      if (states[slot] == FREE) {
        addFree(slot);
      }
    }
  }

  /** Appends a packed visit to the open session. */
  void append(int slot, long time, int ofVisit, int ofUser, byte[] visit, int from, int length) {
    appendVisits(slot, visit, from, length);
    PackedState.count(states[slot], time, ofVisit, ofUser);
  }

  /** Appends packed visits to those of a slot, and nothing else. */
  void appendVisits(int slot, byte[] visits, int from, int length) {
    change(slot, state -> PackedState.withVisits(state, visits, from, length));
  }

  /** Replaces the visits of a slot. */
  void replaceVisits(int slot, byte[] visits, int length) {
    change(slot, state -> PackedState.withOnlyVisits(state, visits, length));
  }

  /** Publishes the open session: {@link PackedState#published}. */
  void publish(int slot, long boundary) {
    change(slot, state -> PackedState.published(state, boundary));
  }

  /** Begins a session behind the published one: {@link PackedState#withNext}. */
  void beginNext(int slot, long time) {
    change(slot, state -> PackedState.withNext(state, time));
  }

  /** Evicts the first of two sessions: {@link PackedState#withoutFirst}. */
  void evictFirst(int slot) {
    change(slot, state -> PackedState.withoutFirst(state, pages));
  }

  /** Replaces a state by a change of it, which may be the same array. */
  private void change(int slot, UnaryOperator<byte[]> change) {
    byte[] state = states[slot];
    bytesAlive -= alive(state);
    arrayBytes -= state.length;
    state = change.apply(state);
    bytesAlive += alive(state);
    arrayBytes += state.length;
    states[slot] = state;
  }

  /** Replaces the state of a slot, but not its visits. */
  void replaceState(int slot, SessionState state, int stateBytes) {
    boolean isUniform = uniform.isAny() || uniform.areUniform(states[slot], pages);
    change(slot, packed -> PackedState.packed(packed, state, policy, isUniform, stateBytes));
    boolean isOther = PackedState.form(states[slot]) == PackedState.OTHER;
    if (isOther && slot >= others.length) {
      others = Arrays.copyOf(others, Math.max(slot + 1, others.length + (others.length >> 1)));
    }
    if (slot < others.length) {
      others[slot] = isOther ? state : null;
    }
  }

  /** Removes a visit id. */
  void remove(int slot) {
    byte[] state = states[slot];
    table.remove(hash(state), slot);
    nextActions.cancel(slot);
    bytesAlive -= alive(state);
    arrayBytes -= ARRAY_HEADER + state.length;
    states[slot] = FREE;
    if (slot < others.length) {
      others[slot] = null;
    }
    addFree(slot);
  }

  private void addFree(int slot) {
    if (free == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, Math.max(4, free + (free >> 1)));
    }
    freeSlots[free++] = slot;
  }

  /** Makes sure that the next action of a slot is found. */
  void schedule(int slot) {
    nextActions.schedule(slot, nextActionAt(slot));
  }

  /**
   * Removes the earliest action up to a watermark.
   *
   * @return its slot, which is to be removed or scheduled anew after the action; or {@link #NONE}
   */
  int pollNextAction(long watermark) {
    if (firstActionAt() > watermark || nextActions.isEmpty()) {
      return NONE;
    }
    int slot = nextActions.firstSlot();
    nextActions.removeFirst();
    return slot;
  }

  /** Returns a watermark that is not after that of the earliest action. */
  long earliestActionAt() {
    return nextActions.isEmpty() ? SessionState.NEVER : nextActions.firstTime();
  }

  /** Returns the watermark of the earliest action, or {@link SessionState#NEVER}. */
  long firstActionAt() {
    while (!nextActions.isEmpty()) {
      if (nextActions.isFirstObsolete()) {
        nextActions.removeFirst();
        continue;
      }
      long time = nextActionAt(nextActions.firstSlot());
      if (time == nextActions.firstTime()) {
        return time;
      }
      nextActions.postponeFirst(time);
    }
    return SessionState.NEVER;
  }

  private static int hash(byte[] state) {
    return VisitIdTable.hash(state, PackedState.VISIT_ID, PackedState.visitIdLength(state));
  }

  private static long alive(byte[] state) {
    return (long) PackedState.length(state)
        - PackedState.VISIT_ID
        + PackedState.bytesBeside(state)
        + BYTES_AROUND_TEXTS;
  }
}
