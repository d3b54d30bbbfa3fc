package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The late visits and the dead letters, by the position of the record that each of them is about.
 */
final class Places {
  private static final int LATE = 0;
  private static final int DEAD = 1;

  private final RecordSource visits;
  private final DiskSort sort;
  private final SortEntry.EntryWriter writer = new SortEntry.EntryWriter();
  private final Verdict verdict;
  private final Differences findings;

  /** Accepts differences. */
  interface Differences {
    void add(Difference difference);
  }

  /** The place of a record: the late visit or the dead letter about it. */
  sealed interface Place {
    int part();

    long offset();

    /** Returns where the place itself is, for people. */
    String position();
  }

  /**
   * A late visit.
   *
   * @param key its key
   * @param visit its value
   * @param timestampMillis that of the record as it was read, if it is that; else null
   */
  record Late(
      int part,
      long offset,
      String position,
      byte @Nullable [] key,
      byte[] visit,
      @Nullable Long timestampMillis)
      implements Place {}

  /** A dead letter; its key and value may be cut. */
  record Dead(
      int part,
      long offset,
      String position,
      Reason reason,
      byte @Nullable [] key,
      int keyLength,
      byte @Nullable [] value,
      int valueLength)
      implements Place {

    boolean hasKey(byte @Nullable [] original) {
      return isSame(key, keyLength, original);
    }

    /** Whether {@code bytes} are what is kept of the value. */
    boolean keeps(byte @Nullable [] bytes) {
      return Arrays.equals(value, bytes);
    }

    boolean hasValue(byte @Nullable [] original) {
      return isSame(value, valueLength, original);
    }

    private static boolean isSame(byte @Nullable [] kept, int length, byte @Nullable [] original) {
      if (kept == null || original == null) {
        return kept == original;
      }
      return length == original.length
          && kept.length <= length
          && Arrays.equals(kept, 0, kept.length, original, 0, kept.length);
    }
  }

  Places(RecordSource visits, DiskSort sort, Verdict verdict, Differences findings) {
    this.visits = visits;
    this.sort = sort;
    this.verdict = verdict;
    this.findings = findings;
  }

  /** Adds a record of the late visits. */
  void addLate(RecordSource source, SourceRecord record) throws IOException {
    String position = source.describe(record.position());
    try {
      LateVisitRecord late = LateVisitRecord.read(record.contents());
      if (start(late.source(), LATE, position)) {
        write(late.visit().key());
        write(late.visit().value());
        Long timestamp = late.timestampMillis();
        writer.number(timestamp == null ? 0 : 1).number(timestamp == null ? 0 : timestamp);
        sort.add(writer.entry());
      }
    } catch (MalformedRecordException e) {
      findings.add(
          new Difference(
              Difference.Kind.WRONG_LATE_VISIT,
              position,
              null,
              "not a late visit that a job writes: " + e.getMessage()));
    }
  }

  /** Adds a record of the dead letters. */
  void addDead(RecordSource source, SourceRecord record) throws IOException {
    String position = source.describe(record.position());
    try {
      DeadLetterRecord dead = DeadLetterRecord.read(record.contents());
      if (start(dead.source(), DEAD, position)) {
        writer.optional(dead.reason().name().getBytes(UTF_8));
        write(dead.key());
        write(dead.value());
        sort.add(writer.entry());
      }
    } catch (MalformedRecordException e) {
      findings.add(
          new Difference(
              Difference.Kind.WRONG_DEAD_LETTER,
              position,
              null,
              "not a dead letter that a job writes: " + e.getMessage()));
    }
  }

  private boolean start(SourcePosition source, int kind, String position) {
    switch (visits.coverage(source)) {
      case ELSEWHERE -> verdict.sourcesElsewhere++;
      case BEFORE -> verdict.sourcesDeleted++;
      case BEHIND -> {}
      case WITHIN -> {
        writer.number(visits.part(source)).number(source.offset()).number(kind);
        writer.optional(position.getBytes(UTF_8));
        return true;
      }
    }
    return false;
  }

  private void write(DeadLetterRecord.Payload payload) {
    write(payload.bytes());
    writer.number(payload.originalLength());
  }

  private void write(byte @Nullable [] bytes) {
    if (bytes == null) {
      writer.absent();
    } else {
      writer.optional(bytes);
    }
  }

  /** Returns the places, by part and offset of their sources. */
  SortedPlaces sorted() throws IOException {
    return new SortedPlaces(sort.sorted());
  }

  /** Reads places, by part and offset of their sources. */
  static final class SortedPlaces implements AutoCloseable {
    private final DiskSort.Entries entries;
    private @Nullable Place next;

    SortedPlaces(DiskSort.Entries entries) throws IOException {
      this.entries = entries;
      advance();
    }

    /** Returns the next place, which stays the next one; null behind the last. */
    @Nullable Place peek() {
      return next;
    }

    void advance() throws IOException {
      byte[] entry = entries.next();
      next = entry == null ? null : read(new SortEntry.EntryReader(entry));
    }

    private static Place read(SortEntry.EntryReader entry) {
      int part = (int) entry.number();
      long offset = entry.number();
      long kind = entry.number();
      String position = text(entry);
      if (kind == LATE) {
        byte[] key = entry.optional();
        byte[] visit = bytes(entry);
        boolean isOriginal = entry.number() == 1;
        long timestamp = entry.number();
        return new Late(part, offset, position, key, visit, isOriginal ? timestamp : null);
      }
      return new Dead(
          part,
          offset,
          position,
          Reason.valueOf(text(entry)),
          entry.optional(),
          (int) entry.number(),
          entry.optional(),
          (int) entry.number());
    }

    private static String text(SortEntry.EntryReader entry) {
      return new String(bytes(entry), UTF_8);
    }

    private static byte[] bytes(SortEntry.EntryReader entry) {
      return Objects.requireNonNull(entry.optional(), "is always written");
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }
}
