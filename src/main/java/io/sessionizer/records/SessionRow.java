package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord.Header;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A session as a row of columns. Read from a file, no column need agree with another one.
 *
 * @param sessionId the session id
 * @param visitId the visit id
 * @param userId the first user; null if there is none
 * @param startMillis the first visit, epoch milliseconds
 * @param endMillis the last visit, epoch milliseconds
 * @param durationMillis from the first visit to the last
 * @param endReason why the session ended, as in the header
 * @param pages its visits, without their users
 * @param attributes the JSON object with its attributes; null if these are not configured
 */
public record SessionRow(
    String sessionId,
    String visitId,
    @Nullable String userId,
    long startMillis,
    long endMillis,
    long durationMillis,
    String endReason,
    List<VisitedPage> pages,
    @Nullable String attributes) {

  /**
   * Returns the row of a session that was not replaced.
   *
   * @param json computes pseudonyms and attributes
   */
  public static SessionRow of(SessionRecord record, SessionJson json) {
    if (!(record.unpacked() instanceof SessionRecord.Upsert upsert)) {
      throw new IllegalStateException("no session of a file is replaced, but " + record);
    }
    Session session = json.published(upsert.session());
    return new SessionRow(
        session.id().toString(),
        session.visitId(),
        session.userId(),
        session.startMillis(),
        session.endMillis(),
        session.endMillis() - session.startMillis(),
        upsert.endReason().headerValue(),
        session.pages(),
        json.hasAttributes() ? json.attributes(upsert.session()) : null);
  }

  /** Returns it as a record: the session id, the JSON of the other columns, and the end reason. */
  public TopicRecord toRecord(SessionJson json) {
    return new TopicRecord(
        sessionId.getBytes(UTF_8),
        json.write(this),
        List.of(new Header(RecordHeaders.END_REASON, endReason.getBytes(UTF_8))));
  }
}
