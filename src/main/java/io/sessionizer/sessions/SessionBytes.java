package io.sessionizer.sessions;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitedPage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How many bytes some visits add to the record of their session, at most. It is a sum, so that it
 * depends on the visits alone and not on their order; with what a visit id and any session add, it
 * is never less than what Kafka counts when the record is written, with key, headers and the batch
 * around it.
 *
 * <p>For example, a visit at 1704067200000 of the page {@code home} needs 59 bytes: {@code
 * {"page":"home","event_time_as_milliseconds":1704067200000},}.
 *
 * @param visits of the visits
 * @param user of their largest user id
 */
record SessionBytes(long visits, int user) {
  static final SessionBytes NONE = new SessionBytes(0, 0);

  private static final long THIRTEEN_DIGITS = 1_000_000_000_000L;

  /**
   * Of any session: the JSON around the visits and its times (about 200), the key's part behind the
   * visit id (32), the headers (105), and what Kafka adds to a record and its batch (100).
   */
  static final int FRAME = 512;

  static SessionBytes of(VisitedPage visit) {
    return new SessionBytes(
        (long) SessionJson.BYTES_AROUND_VISIT
            + asJson(visit.page())
            + digits(visit.eventTimeMillis()),
        asJson(visit.userId()));
  }

  /** Of a packed visit, without those of its user; its page is none if {@code pageLength} is -1. */
  static int ofVisit(byte[] texts, int pageFrom, int pageLength, long time) {
    return ofVisit(Utf8.jsonBytes(texts, pageFrom, Math.max(0, pageLength)), time);
  }

  /** Of a visit whose page has {@code pageBytes}, without those of its user. */
  static int ofVisit(int pageBytes, long time) {
    return SessionJson.BYTES_AROUND_VISIT + pageBytes + digits(time);
  }

  /** How many bytes the visits of a session of a packed visit id may have. */
  static long room(byte[] texts, int visitIdFrom, int visitIdLength, SessionPolicy policy) {
    return (long) policy.maxBytes()
        - FRAME
        - policy.rules().bytesOfReason()
        - Utf8.jsonBytes(texts, visitIdFrom, visitIdLength)
        - Utf8.bytes(texts, visitIdFrom, visitIdLength);
  }

  /** How many bytes the visits of a session of {@code visitId} may have. */
  static long room(String visitId, SessionPolicy policy) {
    return (long) policy.maxBytes()
        - FRAME
        - policy.rules().bytesOfReason()
        - asJson(visitId)
        - inUtf8(visitId);
  }

  /** Of the whole record. */
  static long ofRecord(Session session) {
    SessionBytes bytes =
        session.pages().stream().map(SessionBytes::of).reduce(NONE, SessionBytes::plus);
    return FRAME
        + asJson(session.visitId())
        + inUtf8(session.visitId())
        + bytes.visits
        + bytes.user;
  }

  SessionBytes plus(SessionBytes other) {
    return new SessionBytes(visits + other.visits, Math.max(user, other.user));
  }

  boolean fits(long room) {
    return visits + user <= room;
  }

  private static int digits(long number) {
    if (number >= THIRTEEN_DIGITS && number < 10 * THIRTEEN_DIGITS) {
      return 13; // most times: 2001 to 2286
    }
    int digits = number < 0 ? 2 : 1;
    for (long left = number / 10; left != 0; left /= 10) {
      digits++;
    }
    return digits;
  }

  private static int asJson(@Nullable String text) {
    int bytes = 0;
    for (int i = 0; text != null && i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : inUtf8(c);
    }
    return bytes;
  }

  private static int inUtf8(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += inUtf8(text.charAt(i));
    }
    return bytes;
  }

  /** Half of a surrogate pair counts as 3: the pair has 4. */
  private static int inUtf8(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }
}
