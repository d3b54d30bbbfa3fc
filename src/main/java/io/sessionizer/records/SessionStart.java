package io.sessionizer.records;

import java.util.Comparator;

/**
 * The start of a session, which distinguishes the sessions of one visit id.
 *
 * @param millis its first visit, epoch milliseconds
 * @param ordinal how many sessions of the visit id start in the same millisecond before it; above 0
 *     only if one millisecond is too large for one session
 */
public record SessionStart(long millis, int ordinal) implements Comparable<SessionStart> {
  private static final Comparator<SessionStart> ORDER =
      Comparator.comparingLong(SessionStart::millis).thenComparingInt(SessionStart::ordinal);

  /**
   * Parses the start in the text of a session id.
   *
   * @throws NumberFormatException if it is not a start
   */
  static SessionStart parse(String text) {
    int plus = text.indexOf('+', 1);
    return plus < 0
        ? new SessionStart(Long.parseLong(text), 0)
        : new SessionStart(
            Long.parseLong(text.substring(0, plus)), Integer.parseInt(text.substring(plus + 1)));
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
