package io.sessionizer.records;

import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A rejected record, byte for byte.
 *
 * @param provenance its source
 * @param key the record's key as it was, or null
 * @param value the record's value as it was, or null
 * @param reason why it was rejected
 * @param message the same for people, with the offending value
 */
public record DeadLetter(
    Provenance provenance,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Reason reason,
    String message) {

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeadLetter that
        && provenance.equals(that.provenance)
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && reason == that.reason
        && message.equals(that.message);
  }

  @Override
  public int hashCode() {
    return Objects.hash(provenance, Arrays.hashCode(key), Arrays.hashCode(value), reason, message);
  }
}
