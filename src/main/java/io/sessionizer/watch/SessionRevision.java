package io.sessionizer.watch;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The part of a record of the sessions topic that the pages show. It is small, for there may be
 * hundreds of thousands in memory.
 *
 * @param key the session's id
 * @param visitId the visit id
 * @param userId the user, or null
 * @param revision 1 for the first record of a key
 * @param late whether a late visit caused it
 * @param endReason why it ended; null for a tombstone
 * @param supersededBy for a tombstone: the session that has its visits now; else null
 * @param times of its visits, epoch milliseconds, in order; empty for a tombstone
 * @param entryPage the page of its first visit, or null
 * @param exitPage the page of its last visit, or null
 * @param attributes the JSON object with its attributes, or null
 * @param position where the record is
 */
record SessionRevision(
    String key,
    String visitId,
    @Nullable String userId,
    int revision,
    boolean late,
    @Nullable String endReason,
    @Nullable String supersededBy,
    long[] times,
    @Nullable String entryPage,
    @Nullable String exitPage,
    byte @Nullable [] attributes,
    SourcePosition position) {
  /** The memory that a visit needs, about. */
  private static final int BYTES_OF_VISIT = 500;

  /**
   * Returns the part of {@code record} that is shown.
   *
   * @param value of the record; null of a tombstone
   */
  static SessionRevision of(
      SessionRecord record, byte @Nullable [] value, SourcePosition position) {
    if (record instanceof Upsert upsert) {
      return of(
          upsert.session(),
          upsert.revision(),
          upsert.timing() == Timing.LATE,
          upsert.endReason().headerValue(),
          value == null ? null : SessionJson.attributesOf(value),
          position);
    }
    Tombstone tombstone = (Tombstone) record;
    return new SessionRevision(
        tombstone.sessionId().toString(),
        tombstone.visitId(),
        null,
        tombstone.revision(),
        false,
        null,
        tombstone.supersededBy() == null ? null : tombstone.supersededBy().toString(),
        new long[0],
        null,
        null,
        null,
        position);
  }

  /** Returns the part of a session that is shown, if only its JSON is known. */
  static SessionRevision of(Session session, byte[] json, SourcePosition position) {
    return of(session, 1, false, null, SessionJson.attributesOf(json), position);
  }

  private static SessionRevision of(
      Session session,
      int revision,
      boolean late,
      @Nullable String endReason,
      byte @Nullable [] attributes,
      SourcePosition position) {
    int last = session.pages().size() - 1;
    return new SessionRevision(
        session.id().toString(),
        session.visitId(),
        session.userId(),
        revision,
        late,
        endReason,
        null,
        session.pages().stream().mapToLong(VisitedPage::eventTimeMillis).toArray(),
        session.pages().get(0).page(),
        session.pages().get(last).page(),
        attributes,
        position);
  }

  /** Returns its share of the memory: as many visits would need as much. */
  int weight() {
    return 1 + (attributes == null ? 0 : attributes.length / BYTES_OF_VISIT);
  }

  boolean isTombstone() {
    return times.length == 0;
  }

  long startMillis() {
    return times[0];
  }

  long endMillis() {
    return times[times.length - 1];
  }

  /** Returns how many of its visits have this time. */
  int visitsAt(long time) {
    int at = Arrays.binarySearch(times, time);
    if (at < 0) {
      return 0;
    }
    int first = at;
    int last = at;
    while (first > 0 && times[first - 1] == time) {
      first--;
    }
    while (last < times.length - 1 && times[last + 1] == time) {
      last++;
    }
    return last - first + 1;
  }
}
