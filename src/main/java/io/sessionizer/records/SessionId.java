package io.sessionizer.records;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The id of a session, which is the key of all records about it: the visit id, {@code @}, and the
 * session's start. A visit id may contain an {@code @}.
 *
 * @param visitId the visit id
 * @param start what distinguishes the session from the others of the visit id
 */
public record SessionId(String visitId, SessionStart start) {
  private static final char SEPARATOR = '@';

  /**
   * Parses the text of an id.
   *
   * @throws IllegalArgumentException if it is not an id
   */
  public static SessionId parse(String text) {
    int at = text.lastIndexOf(SEPARATOR);
    if (at < 0) {
      throw new IllegalArgumentException("not a session id: " + text);
    }
    try {
      return new SessionId(text.substring(0, at), SessionStart.parse(text.substring(at + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a session id: " + text, e);
    }
  }

  /**
   * Returns the UTF-8 bytes of the visit id in those of a session id, or all if it is not an id.
   */
  public static byte[] visitIdBytes(byte[] sessionId) {
    int at = new String(sessionId, StandardCharsets.ISO_8859_1).lastIndexOf(SEPARATOR);
    return at < 0 ? sessionId : Arrays.copyOf(sessionId, at);
  }

  /** Returns whether {@code sessionId} may be the id of a session of a visit id, both as UTF-8. */
  public static boolean isOf(byte[] visitId, byte[] sessionId) {
    return sessionId.length > visitId.length && Arrays.equals(visitIdBytes(sessionId), visitId);
  }

  /** Returns the text: {@code v1@1704067200000}, {@code v1@1704067200000+1}. */
  @Override
  public String toString() {
    return visitId + SEPARATOR + start;
  }
}
