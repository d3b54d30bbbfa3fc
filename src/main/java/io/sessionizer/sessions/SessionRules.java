package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The rules that end a session although visits follow within the gap. They compare the visits of
 * one session only: nothing carries over into the next one.
 *
 * @param splitOn fields; a visit with another value than the last one of its session begins a
 *     session
 * @param endOn values; a visit that has one of them is the last of its session
 * @param midnightIn the time zone of dates: a visit on another date than the first one of its
 *     session begins a session; null if the date does not matter
 */
public record SessionRules(
    List<VisitField> splitOn, List<FieldValue> endOn, @Nullable ZoneId midnightIn)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No rules. */
  public static final SessionRules NONE = new SessionRules(List.of(), List.of(), null);

  /** The most characters of a value that ends a session: the reason has it. */
  public static final int MAX_VALUE_CHARACTERS = 1_024;

  /** The most characters of the name of a field: the reason has it. */
  public static final int MAX_FIELD_CHARACTERS = 1_024;

  private static final int SECONDS_OF_A_DAY = 86_400;

  /**
   * A value of a field.
   *
   * @param field the field
   * @param value the text, the number in plain notation, {@code true} or {@code false}
   */
  public record FieldValue(VisitField field, String value) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** As in the flag. */
    @Override
    public String toString() {
      return field.fieldName() + "=" + value;
    }
  }

  /** Copies the lists. */
  public SessionRules {
    splitOn = List.copyOf(splitOn);
    endOn = List.copyOf(endOn);
  }

  /** Whether there are no rules. */
  public boolean isNone() {
    return splitOn.isEmpty() && endOn.isEmpty() && midnightIn == null;
  }

  /** Whether two visits of one session certainly stay together, whatever values they have. */
  boolean keepsTogether(long first, long other) {
    return splitOn.isEmpty() && endOn.isEmpty() && isSameDate(first, other);
  }

  /** Whether no midnight, of those that matter, is between two times. */
  boolean isSameDate(long first, long other) {
    return midnightIn == null || day(first, midnightIn) == day(other, midnightIn);
  }

  /** The local date, as the number of days since 1970. A day may have 23 or 25 hours. */
  private static long day(long millis, ZoneId zone) {
    int offset = zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds();
    return Math.floorDiv(Math.floorDiv(millis, 1_000L) + offset, (long) SECONDS_OF_A_DAY);
  }

  /**
   * How many bytes a reason may have, beyond those of one without a value and with a field that
   * every visit may have.
   */
  int bytesOfReason() {
    int longest = 0;
    for (VisitField field : splitOn) {
      longest = Math.max(longest, characters(field));
    }
    for (FieldValue end : endOn) {
      longest = Math.max(longest, characters(end.field()) + end.value().length());
    }
    return 3 * longest;
  }

  private static int characters(VisitField field) {
    return field.isProjected() ? field.fieldName().length() : 0;
  }

  EndReason changed(int rule) {
    return EndReason.changed(splitOn.get(rule).fieldName());
  }

  EndReason ended(int rule) {
    FieldValue end = endOn.get(rule);
    return EndReason.ended(end.field().fieldName(), end.value());
  }
}
