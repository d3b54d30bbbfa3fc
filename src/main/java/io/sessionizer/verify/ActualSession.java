package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionStart;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A session of the final table, as it was written.
 *
 * @param visitId the visit id of its key, UTF-8
 * @param start the start of its key
 * @param part where its newest record is
 * @param offset where its newest record is
 * @param timestampMillis when its newest record was written
 * @param endReason the header, or null if the source has no headers
 * @param value its JSON
 */
record ActualSession(
    byte[] visitId,
    SessionStart start,
    int part,
    long offset,
    long timestampMillis,
    @Nullable String endReason,
    byte[] value) {

  SessionId id() {
    return new SessionId(new String(visitId, UTF_8), start);
  }

  long startMillis() {
    return start.millis();
  }

  /** Returns the last visit; the start if the JSON is not a session. */
  long endMillis() {
    Session session = session();
    return session == null ? startMillis() : Math.max(startMillis(), session.endMillis());
  }

  /** Returns what the JSON says; null if it is not a session. */
  @Nullable Session session() {
    try {
      return SessionJson.read(value, start.ordinal());
    } catch (MalformedRecordException e) {
      return null;
    }
  }

  /** Returns the entry of a sort by visit id and start. */
  byte[] entry(SortEntry.EntryWriter writer) {
    writer.text(visitId).number(start.millis()).number(start.ordinal());
    writer.number(part).number(offset).number(timestampMillis);
    if (endReason == null) {
      writer.absent();
    } else {
      writer.optional(endReason.getBytes(UTF_8));
    }
    return writer.optional(value).entry();
  }

  static ActualSession read(byte[] entry) {
    SortEntry.EntryReader reader = new SortEntry.EntryReader(entry);
    byte[] visitId = reader.text();
    SessionStart start = new SessionStart(reader.number(), (int) reader.number());
    int part = (int) reader.number();
    long offset = reader.number();
    long timestamp = reader.number();
    byte[] endReason = reader.optional();
    byte[] value = reader.optional();
    return new ActualSession(
        visitId,
        start,
        part,
        offset,
        timestamp,
        endReason == null ? null : new String(endReason, UTF_8),
        value == null ? new byte[0] : value);
  }
}
