package io.sessionizer.visits;

import io.sessionizer.records.Reason;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record's value that is not a visit.
 *
 * @param reason why it is not
 * @param message the same for people, with the offending value
 * @param value the bytes as they were, or null
 */
public record Rejection(Reason reason, String message, byte @Nullable [] value)
    implements ParsedRecord {
  /** Of a record without a value. */
  public static final Rejection WITHOUT_VALUE =
      new Rejection(Reason.EMPTY, "the record has no value", null);

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rejection that
        && reason == that.reason
        && message.equals(that.message)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(reason, message, Arrays.hashCode(value));
  }
}
