package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord.Header;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of the sessions topic: key the session's id, value its JSON, or none if the session was
 * replaced, and what changed in the headers.
 */
public sealed interface SessionRecord
    permits SessionRecord.Upsert, SessionRecord.PackedUpsert, SessionRecord.Tombstone {

  /** The visit id. */
  default String visitId() {
    return sessionId().visitId();
  }

  /** The session id. */
  SessionId sessionId();

  /** The first visit, epoch milliseconds. */
  default long startMillis() {
    return sessionId().start().millis();
  }

  /** The last visit, epoch milliseconds; of a session that was retracted, the first one. */
  default long endMillis() {
    return startMillis();
  }

  /** Counts up with every change of this session id, from 1. */
  int revision();

  /** Whether it is a session that ended though the visits had no gap there. */
  default boolean endsWithoutGap() {
    return false;
  }

  /** Returns the record with its session as objects. */
  default SessionRecord unpacked() {
    return this;
  }

  /** Returns the record as bytes, with the session as {@code json} writes it. */
  TopicRecord write(SessionJson json);

  /** Returns the value of the record as bytes; null if the session was replaced. */
  byte @Nullable [] writeValue(SessionJson json);

  /**
   * Reads a record. It may lack headers, if another program wrote or deleted the session: then it
   * is the first revision, on time, of a session that ended by inactivity.
   *
   * @throws MalformedRecordException if it is not one that a job writes
   */
  static SessionRecord read(TopicRecord record) throws MalformedRecordException {
    try {
      SessionId id = SessionId.parse(record.keyText());
      return record.value() == null
          ? Tombstone.read(id, record)
          : Upsert.read(id, record.value(), record);
    } catch (IllegalArgumentException e) {
      throw MalformedRecordException.because(e);
    }
  }

  private static int revisionOf(TopicRecord record) throws MalformedRecordException {
    return record.optionalHeader(RecordHeaders.REVISION) == null
        ? 1
        : record.intHeader(RecordHeaders.REVISION);
  }

  /**
   * A session as it is from this record on.
   *
   * @param session the whole session
   * @param revision 1 for the first, then counting up with every correction
   * @param timing whether it is a correction
   * @param endReason why the session ended
   */
  record Upsert(Session session, int revision, Timing timing, EndReason endReason)
      implements SessionRecord {
    @Override
    public String visitId() {
      return session.visitId();
    }

    @Override
    public SessionId sessionId() {
      return session.id();
    }

    @Override
    public long endMillis() {
      return session.endMillis();
    }

    @Override
    public boolean endsWithoutGap() {
      return !endReason.equals(EndReason.INACTIVITY);
    }

    @Override
    public TopicRecord write(SessionJson json) {
      return new TopicRecord(
          sessionId().toString().getBytes(UTF_8),
          writeValue(json),
          headers(revision, timing, endReason));
    }

    @Override
    public byte[] writeValue(SessionJson json) {
      return json.write(session);
    }

    private static List<Header> headers(int revision, Timing timing, EndReason endReason) {
      return List.of(
          Header.of(RecordHeaders.REVISION, revision),
          Header.of(RecordHeaders.TIMING, timing.headerValue()),
          Header.of(RecordHeaders.END_REASON, endReason.headerValue()));
    }

    private static Upsert read(SessionId id, byte[] json, TopicRecord record)
        throws MalformedRecordException {
      Session session = SessionJson.read(json, id.start().ordinal());
      if (!session.id().equals(id)) {
        throw new MalformedRecordException(
            "it is the session " + session.id() + ", and its key is " + id);
      }
      String timing = record.optionalHeader(RecordHeaders.TIMING);
      String endReason = record.optionalHeader(RecordHeaders.END_REASON);
      return new Upsert(
          session,
          SessionRecord.revisionOf(record),
          timing == null ? Timing.ON_TIME : Timing.ofHeaderValue(timing),
          endReason == null ? EndReason.INACTIVITY : EndReason.ofHeaderValue(endReason));
    }
  }

  /**
   * An {@link Upsert} whose session is bytes.
   *
   * @param session the whole session
   * @param revision 1 for the first, then counting up with every correction
   * @param timing whether it is a correction
   * @param endReason why the session ended
   */
  record PackedUpsert(PackedSession session, int revision, Timing timing, EndReason endReason)
      implements SessionRecord {
    @Override
    public String visitId() {
      return session.visitId();
    }

    @Override
    public SessionId sessionId() {
      return session.id();
    }

    @Override
    public long endMillis() {
      return session.endMillis();
    }

    @Override
    public long startMillis() {
      return session.startMillis();
    }

    @Override
    public boolean endsWithoutGap() {
      return !endReason.equals(EndReason.INACTIVITY);
    }

    @Override
    public Upsert unpacked() {
      return new Upsert(session.unpacked(), revision, timing, endReason);
    }

    @Override
    public TopicRecord write(SessionJson json) {
      return new TopicRecord(
          sessionId().toString().getBytes(UTF_8),
          writeValue(json),
          Upsert.headers(revision, timing, endReason));
    }

    @Override
    public byte[] writeValue(SessionJson json) {
      return json.write(session);
    }
  }

  /**
   * The retraction of a session whose visits are in another one.
   *
   * @param sessionId the id of the retracted session
   * @param revision one more than that of its last upsert
   * @param supersededBy the id of the session that its first visit is in now; null if no job wrote
   *     the tombstone
   */
  record Tombstone(SessionId sessionId, int revision, @Nullable SessionId supersededBy)
      implements SessionRecord {

    @Override
    public TopicRecord write(SessionJson json) {
      Header revisionHeader = Header.of(RecordHeaders.REVISION, revision);
      return new TopicRecord(
          sessionId.toString().getBytes(UTF_8),
          null,
          supersededBy == null
              ? List.of(revisionHeader)
              : List.of(revisionHeader, Header.of(RecordHeaders.SUPERSEDED_BY, supersededBy)));
    }

    @Override
    public byte @Nullable [] writeValue(SessionJson json) {
      return null;
    }

    private static Tombstone read(SessionId id, TopicRecord record)
        throws MalformedRecordException {
      String supersededBy = record.optionalHeader(RecordHeaders.SUPERSEDED_BY);
      return new Tombstone(
          id,
          SessionRecord.revisionOf(record),
          supersededBy == null ? null : SessionId.parse(supersededBy));
    }
  }
}
