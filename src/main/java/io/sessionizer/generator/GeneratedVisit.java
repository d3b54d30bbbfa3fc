package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;

/**
 * A Kafka record of generated traffic. A duplicate shares the arrays: do not write to them.
 *
 * @param key the visit id in UTF-8; of a malformed record that before its corruption
 * @param value the visit as JSON in UTF-8, possibly corrupted
 * @param kind the category of the record
 * @param eventTimeMillis the event time in milliseconds since 1970; of a malformed record that
 *     before its corruption
 */
public record GeneratedVisit(byte[] key, byte[] value, Category kind, long eventTimeMillis) {
  /** The category of a record. */
  public enum Category {
    /** No earlier record has a newer event time, except for malformed ones. */
    ON_TIME,
    /** At most 59 s of event time behind the newest visit before it. */
    OUT_OF_ORDER,
    /** At least 2 minutes of event time behind the newest visit before it. */
    LATE,
    /** A copy of an on-time visit, at most 59 s of event time later. */
    DUPLICATE,
    /** Not a visit. */
    MALFORMED
  }

  GeneratedVisit as(Category other) {
    return new GeneratedVisit(key, value, other, eventTimeMillis);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedVisit that
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && kind == that.kind
        && eventTimeMillis == that.eventTimeMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), kind, eventTimeMillis);
  }

  @Override
  public String toString() {
    return kind + " " + new String(key, UTF_8) + " at " + eventTimeMillis;
  }
}
