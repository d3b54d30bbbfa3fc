package io.sessionizer.records;

import java.util.Comparator;

/**
 * Where a session starts: what tells the sessions of one visit id apart.
 *
 * @param millis its first visit, epoch milliseconds
 * @param ordinal how many sessions of the visit id start in the same millisecond before it; 0 but
 *     where one millisecond is too large for one session
 */
public record SessionStart(long millis, int ordinal) implements Comparable<SessionStart> {
  private static final Comparator<SessionStart> ORDER =
      Comparator.comparingLong(SessionStart::millis).thenComparingInt(SessionStart::ordinal);

  /**
   * Returns the start in a session id, which is what follows the last {@code @}.
   *
   * @throws NumberFormatException if there is none
   */
  public static SessionStart of(String sessionId) {
    String start = sessionId.substring(sessionId.lastIndexOf('@') + 1);
    int plus = start.indexOf('+', 1);
    return plus < 0
        ? new SessionStart(Long.parseLong(start), 0)
        : new SessionStart(
            Long.parseLong(start.substring(0, plus)), Integer.parseInt(start.substring(plus + 1)));
  }

  /** The id of the session of {@code visitId} that starts here. */
  public String idOf(String visitId) {
    return visitId + '@' + this;
  }

  @Override
  public int compareTo(SessionStart other) {
    return ORDER.compare(this, other);
  }

  /** As in a session id: {@code 1704067200000}, {@code 1704067200000+1}. */
  @Override
  public String toString() {
    return ordinal == 0 ? String.valueOf(millis) : millis + "+" + ordinal;
  }
}
