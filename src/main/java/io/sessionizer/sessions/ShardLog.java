package io.sessionizer.sessions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the entries of a shard's log, and builds an index of them. An entry has what a call has
 * changed, as results and not as inputs: reading it decides nothing again, and depends on no
 * watermark and on no packet. It is never changed after it was written.
 *
 * <p>An entry is its number, since a bag of entries has no order, and then the changes, one after
 * another: a kind, a slot, and, by kind,
 *
 * <ul>
 *   <li>{@link #STATE}: the whole state of a visit id that was not in the index.
 *   <li>{@link #VISIT}: a visit that was appended to an open session.
 *   <li>{@link #NEXT}: a visit that begins a session behind a published one.
 *   <li>{@link #PUBLISHED}: nothing; the open session is published.
 *   <li>{@link #FIRST_GONE}: nothing; the first of two sessions has expired.
 *   <li>{@link #GONE}: nothing; all of the visit id has expired.
 *   <li>{@link #CHANGE}: the next {@link SessionState}, how many visits have expired, and the
 *       visits that were added, but never all of them again.
 *   <li>{@link #VISITS}: further visits of a {@link #STATE}, which is written in pieces.
 *   <li>{@link #PAGE}: a page that was added to the {@link PageTable}; in place of the slot its
 *       length.
 * </ul>
 */
final class ShardLog {
  private static final byte STATE = 1;
  private static final byte VISIT = 2;
  private static final byte PUBLISHED = 3;
  private static final byte GONE = 4;
  private static final byte CHANGE = 5;
  private static final byte VISITS = 6;
  private static final byte NEXT = 7;
  private static final byte FIRST_GONE = 8;
  private static final byte PAGE = 9;

  private static final int USUAL_BYTES = 256;
  private static final int MAX_USUAL_BYTES = 1 << 10;

  /** How many bytes an entry of a log that is written anew has, about. */
  private static final int PIECE = 512 << 10;

  private ByteWriter entry = new ByteWriter(USUAL_BYTES);
  private int numberLength;

  /** Starts an entry. */
  void begin(long number) {
    if (entry.array().length > MAX_USUAL_BYTES) {
      entry = new ByteWriter(USUAL_BYTES);
    }
    entry.truncate(0);
    entry.writeNumber(number);
    numberLength = entry.length();
  }

  /** Whether nothing has changed since the entry was started. */
  boolean isEmpty() {
    return entry.length() == numberLength;
  }

  byte[] toByteArray() {
    return entry.toByteArray();
  }

  /** Writes that a visit id was added. */
  void addState(int slot, ShardIndex index) {
    addState(slot, index, PackedState.length(index.packed(slot)));
  }

  private void addState(int slot, ShardIndex index, int length) {
    byte[] packed = index.packed(slot);
    add(STATE, slot);
    PackedState.write(packed, length, entry);
    if (PackedState.form(packed) == PackedState.OTHER) {
      write(index.state(slot), entry);
    }
  }

  /** Writes that a visit was appended to an open session; its packed bytes are to follow. */
  ByteWriter addVisit(int slot) {
    add(VISIT, slot);
    return entry;
  }

  /** Writes that a visit begins a session behind a published one; its packed bytes follow. */
  ByteWriter addNext(int slot) {
    add(NEXT, slot);
    return entry;
  }

  /** Writes that the first of two sessions has expired. */
  void addFirstGone(int slot) {
    add(FIRST_GONE, slot);
  }

  /** Writes that an open session was published. */
  void addPublished(int slot) {
    add(PUBLISHED, slot);
  }

  /** Writes that all of a visit id has expired. */
  void addGone(int slot) {
    add(GONE, slot);
  }

  /**
   * Writes any other change.
   *
   * @param state the next state
   * @param evicted how many of the visits, in their order, have expired
   * @param packed has the visits that were added, from {@code addedFrom} on
   */
  void addChange(int slot, byte[] state, int evicted, byte[] packed, int addedFrom) {
    add(CHANGE, slot);
    entry.write(state, 0, state.length);
    entry.writeNumber(evicted);
    int added = PackedState.length(packed) - addedFrom;
    entry.writeNumber(added);
    entry.write(packed, addedFrom, added);
  }

  /** Writes that a page was added. */
  void addPage(byte[] text, int from, int length) {
    add(PAGE, length);
    entry.write(text, from, length);
  }

  private void add(byte kind, int slot) {
    entry.write(kind);
    entry.writeNumber(slot);
  }

  /** Returns the entries of a log that has the states of an index and nothing else. */
  static List<byte[]> of(ShardIndex index, long firstNumber) {
    List<byte[]> entries = new ArrayList<>();
    ShardLog log = new ShardLog();
    log.begin(firstNumber);
    PageTable pages = index.pages();
    for (int page = 0; page < pages.size(); page++) {
      log.addPage(pages.texts(), pages.start(page), pages.length(page));
    }
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      if (!index.isUsed(slot)) {
        continue;
      }
      byte[] packed = index.packed(slot);
      int length = PackedState.length(packed);
      int written = Math.min(length, PackedState.visitsFrom(packed) + PIECE);
      log.addState(slot, index, written);
      while (written < length) {
        entries.add(log.toByteArray());
        log.begin(firstNumber + entries.size());
        int piece = Math.min(length - written, PIECE);
        log.add(VISITS, slot);
        log.entry.writeNumber(piece);
        log.entry.write(packed, written, piece);
        written += piece;
      }
      if (log.entry.length() >= PIECE) {
        entries.add(log.toByteArray());
        log.begin(firstNumber + entries.size());
      }
    }
    if (!log.isEmpty()) {
      entries.add(log.toByteArray());
    }
    return entries;
  }

  /**
   * Builds the index of a log.
   *
   * @param entries in any order
   * @throws IllegalStateException if they are not those that the header says
   */
  static ShardIndex index(Iterable<byte[]> entries, ShardHeader header) {
    ShardIndex index = new ShardIndex(header.policy());
    for (byte[] entry : inOrder(entries, header)) {
      ByteReader in = new ByteReader(entry);
      long number = in.readNumber();
      try {
        while (in.hasMore()) {
          apply(in, index, header.policy());
        }
      } catch (IllegalStateException | IndexOutOfBoundsException | UncheckedIOException e) {
        throw damaged("has an unreadable entry %s (%s)".formatted(number, e), header, e);
      }
    }
    index.sealSlots();
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      if (index.isUsed(slot)) {
        index.schedule(slot);
      }
    }
    return index;
  }

  private static byte[][] inOrder(Iterable<byte[]> entries, ShardHeader header) {
    int count = Math.toIntExact(header.nextNumber() - header.firstNumber());
    byte[][] ordered = new byte[count][];
    int found = 0;
    for (byte[] entry : entries) {
      long number = new ByteReader(entry).readNumber();
      long at = number - header.firstNumber();
      if (at < 0 || at >= count || ordered[(int) at] != null) {
        throw damaged("has a wrong entry " + number, header, null);
      }
      ordered[(int) at] = entry;
      found++;
    }
    if (found < count) {
      throw damaged("has only " + found + " entries", header, null);
    }
    return ordered;
  }

  private static IllegalStateException damaged(
      String what, ShardHeader header, @Nullable Exception cause) {
    return new IllegalStateException(
        "the log of a shard %s, and should have those from %s to %s: the state is damaged; restore"
                .formatted(what, header.firstNumber(), header.nextNumber() - 1)
            + " an earlier savepoint, or start without saved state",
        cause);
  }

  private static void apply(ByteReader in, ShardIndex index, SessionPolicy policy) {
    int kind = in.read();
    int slot = in.readInt();
    switch (kind) {
      case STATE -> applyState(in, slot, index);
      case VISIT -> applyVisit(in, slot, index);
      case NEXT -> {
        PackedVisitReader visit =
            new PackedVisitReader(
                index.packed(slot),
                index.pages(),
                new ByteReader(in.array(), in.position(), in.available()));
        visit.next();
        index.beginNext(slot, visit.time());
        applyVisit(in, slot, index);
      }
      case FIRST_GONE -> index.evictFirst(slot);
      case PUBLISHED -> index.publish(slot, boundary(index.packed(slot), policy));
      case GONE -> index.remove(slot);
      case CHANGE -> {
        SessionState state = readState(in);
        int stateBytes = stateBytes(state);
        int evicted = in.readInt();
        int length = in.readInt();
        index.appendVisits(slot, in.array(), in.skipBytes(length), length);
        ShardVisits visits = new ShardVisits(index, slot, policy.deduplicate());
        visits.evict(evicted);
        visits.store(state, stateBytes);
      }
      case VISITS -> {
        int length = in.readInt();
        index.appendVisits(slot, in.array(), in.skipBytes(length), length);
      }
      case PAGE -> index.pages().add(in.array(), in.skipBytes(slot), slot);
      default -> throw new IllegalStateException("no change has the kind " + kind);
    }
  }

  private static void applyState(ByteReader in, int slot, ShardIndex index) {
    byte[] state = PackedState.read(in);
    index.put(slot, state);
    if (PackedState.form(state) == PackedState.OTHER) {
      SessionState other = readState(in);
      index.replaceState(slot, other, stateBytes(other));
    }
  }

  private static void applyVisit(ByteReader in, int slot, ShardIndex index) {
    PackedVisitReader visit = new PackedVisitReader(index.packed(slot), index.pages(), in);
    visit.next();
    int length = visit.visitTo() - visit.visitFrom();
    index.append(
        slot,
        visit.time(),
        visit.visitBytes(),
        visit.userBytes(),
        in.array(),
        visit.visitFrom(),
        length);
  }

  /** Returns from when on a visit does not belong to an open session that is published. */
  static long boundary(byte[] open, SessionPolicy policy) {
    return SessionCut.boundary(
        SessionCut.endReasonOfLast(PackedState.pages(open), policy),
        PackedState.end(open),
        Long.MAX_VALUE,
        policy);
  }

  /** Returns the bytes of a state beside the visits. */
  static byte[] bytes(SessionState state) {
    ByteWriter out = new ByteWriter(64);
    write(state, out);
    return out.toByteArray();
  }

  private static int stateBytes(SessionState state) {
    return bytes(state).length;
  }

  private static void write(SessionState state, ByteWriter out) {
    try {
      SessionStateCoder.of().encode(state, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static SessionState readState(ByteReader in) {
    try {
      return SessionStateCoder.of().decode(in);
    } catch (IOException e) {
      throw new UncheckedIOException("reading the log of a shard", e);
    }
  }
}
