package io.sessionizer.records;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A rejected record, byte for byte.
 *
 * @param provenance its source
 * @param headers the record's headers as they were; in the default format not known, and empty
 * @param key the record's key as it was, or null
 * @param value the record's value as it was, or null
 * @param reason why it was rejected
 * @param message the same for people, with the offending value
 */
public record DeadLetter(
    Provenance provenance,
    List<TopicRecord.Header> headers,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Reason reason,
    String message) {

  /** One without headers. */
  public DeadLetter(
      Provenance provenance,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Reason reason,
      String message) {
    this(provenance, List.of(), key, value, reason, message);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeadLetter that
        && provenance.equals(that.provenance)
        && headers.equals(that.headers)
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && reason == that.reason
        && message.equals(that.message);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        provenance, headers, Arrays.hashCode(key), Arrays.hashCode(value), reason, message);
  }
}
