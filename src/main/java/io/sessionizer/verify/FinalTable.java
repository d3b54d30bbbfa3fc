package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.records.VisitedPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The final table of the sessions: the newest record of each key, without tombstones.
 *
 * <p>Its hash is SHA-256 over its rows in the order of their keys' bytes: of each the key, a zero
 * byte, the value with its times in UTC, and a line feed.
 */
final class FinalTable {
  private static final SessionJson UTC = new SessionJson(ZoneOffset.UTC);
  private static final VisitedPage NO_PAGE = new VisitedPage(0, null, null);
  private static final String INACTIVITY = EndReason.INACTIVITY.headerValue();

  private final VerifyRules rules;
  private final RecordSource source;
  private final DiskSort records;
  private final Verdict verdict;
  private final Places.Differences findings;
  private final SortEntry.EntryWriter writer = new SortEntry.EntryWriter();
  private final MessageDigest digest = sha256();

  /**
   * A record of a key.
   *
   * @param endReason the header, or null if the source has no headers
   * @param value null for a tombstone
   */
  private record Row(
      byte[] key,
      int part,
      long offset,
      long timestampMillis,
      @Nullable String endReason,
      byte @Nullable [] value) {

    Row numbered(int ordinal) {
      return ordinal == 0
          ? this
          : new Row(
              (new String(key, UTF_8) + "+" + ordinal).getBytes(UTF_8),
              part,
              offset,
              timestampMillis,
              endReason,
              value);
    }
  }

  FinalTable(
      VerifyRules rules,
      RecordSource source,
      DiskSort records,
      Verdict verdict,
      Places.Differences findings) {
    this.rules = rules;
    this.source = source;
    this.records = records;
    this.verdict = verdict;
    this.findings = findings;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Adds a record. */
  void add(SourceRecord record) throws IOException {
    byte[] key = record.contents().key();
    if (key == null) {
      malformed(source.part(record.position()), record.position().offset(), "it has no key");
      return;
    }
    writer
        .text(key)
        .number(source.part(record.position()))
        .number(record.position().offset())
        .number(record.timestampMillis());
    if (source.hasKeys(source.part(record.position()))) {
      writer.optional(endReason(record.contents().headers()));
    } else {
      writer.absent();
    }
    byte[] value = record.contents().value();
    records.add((value == null ? writer.absent() : writer.optional(value)).entry());
  }

  private static byte[] endReason(List<Header> headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      byte[] value = headers.get(i).value();
      if (headers.get(i).name().equals(RecordHeaders.END_REASON) && value != null) {
        return value;
      }
    }
    return INACTIVITY.getBytes(UTF_8);
  }

  /** Computes the hash, and adds the sessions to a sort by visit id and start. */
  void finish(DiskSort sessions) throws IOException {
    List<Row> ofKey = new ArrayList<>();
    try (DiskSort.Entries sorted = records.sorted()) {
      for (byte[] entry = sorted.next(); entry != null; entry = sorted.next()) {
        Row row = row(new SortEntry.EntryReader(entry));
        if (!ofKey.isEmpty() && !Arrays.equals(ofKey.get(0).key, row.key)) {
          finish(ofKey, sessions);
        }
        Row before = ofKey.isEmpty() ? null : ofKey.get(ofKey.size() - 1);
        if (before != null && source.replaces(before.part) && source.replaces(row.part)) {
          boolean isNewest = before.part == row.part || isNewer(row, before);
          ofKey.set(ofKey.size() - 1, isNewest ? row : before);
        } else {
          ofKey.add(row);
        }
      }
      finish(ofKey, sessions);
    }
    verdict.hash = HexFormat.of().formatHex(digest.digest());
  }

  private void finish(List<Row> ofKey, DiskSort sessions) throws IOException {
    List<Row> rows = numbered(ofKey);
    rows.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
    for (Row row : rows) {
      finish(row, sessions);
    }
    ofKey.clear();
  }

  /** Without keys, the sessions of one visit id and start are in the order of their visits. */
  private List<Row> numbered(List<Row> ofKey) {
    List<Row> rows = new ArrayList<>(ofKey);
    if (rows.size() > 1) {
      List<Row> withoutKeys = new ArrayList<>(rows);
      withoutKeys.removeIf(row -> source.hasKeys(row.part));
      withoutKeys.sort(Comparator.comparing(FinalTable::firstPage));
      rows.removeAll(withoutKeys);
      for (int ordinal = 0; ordinal < withoutKeys.size(); ordinal++) {
        rows.add(withoutKeys.get(ordinal).numbered(ordinal));
      }
    }
    return rows;
  }

  private static VisitedPage firstPage(Row row) {
    try {
      byte[] value = row.value;
      if (value != null) {
        return SessionJson.read(value, 0).pages().get(0);
      }
    } catch (MalformedRecordException e) {
      return NO_PAGE; // it is a difference
    }
    return NO_PAGE;
  }

  /** Records of one key are in one partition, unless partitions were added to the topic. */
  private static boolean isNewer(Row row, Row other) {
    return row.timestampMillis >= other.timestampMillis;
  }

  private static Row row(SortEntry.EntryReader entry) {
    byte[] key = entry.text();
    int part = (int) entry.number();
    long offset = entry.number();
    long timestamp = entry.number();
    byte[] endReason = entry.optional();
    return new Row(
        key,
        part,
        offset,
        timestamp,
        endReason == null ? null : new String(endReason, UTF_8),
        entry.optional());
  }

  private void finish(Row row, DiskSort sessions) throws IOException {
    byte[] value = row.value;
    if (value == null) {
      return;
    }
    SessionId id;
    try {
      id = SessionId.parse(new String(row.key, UTF_8));
      if (!Arrays.equals(id.toString().getBytes(UTF_8), row.key)) {
        throw new IllegalArgumentException("its key is not written as " + id);
      }
    } catch (IllegalArgumentException e) {
      malformed(row.part, row.offset, String.valueOf(e.getMessage()));
      hash(row.key, value, 0);
      return;
    }
    if (rules.includes(id.start().millis())) {
      hash(row.key, value, id.start().ordinal());
    }
    if (rules.reads(id.start().millis())) {
      ActualSession session =
          new ActualSession(
              SessionId.visitIdBytes(row.key),
              id.start(),
              row.part,
              row.offset,
              row.timestampMillis,
              row.endReason,
              value);
      sessions.add(session.entry(writer));
    }
  }

  private void hash(byte[] key, byte[] value, int ordinal) {
    verdict.tableSize++;
    digest.update(key);
    digest.update((byte) 0);
    digest.update(inUtc(value, ordinal));
    digest.update((byte) '\n');
  }

  private byte[] inUtc(byte[] value, int ordinal) {
    if (rules.timeZone().normalized().equals(ZoneOffset.UTC)) {
      return value;
    }
    try {
      byte[] utc = UTC.write(SessionJson.read(value, ordinal));
      int attributesFrom = SessionJson.attributesFrom(value);
      ByteArrayOutputStream all = new ByteArrayOutputStream(value.length);
      all.write(utc, 0, utc.length - 1);
      all.write(value, attributesFrom, value.length - attributesFrom);
      return all.toByteArray();
    } catch (MalformedRecordException e) {
      return value; // it is a difference
    }
  }

  private void malformed(int part, long offset, String why) {
    findings.add(
        new Difference(
            Difference.Kind.MALFORMED_SESSION,
            source.describe(source.position(part, offset)),
            null,
            "not a session that a job writes: " + why));
  }
}
