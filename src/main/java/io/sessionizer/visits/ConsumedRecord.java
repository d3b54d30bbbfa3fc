package io.sessionizer.visits;

import io.sessionizer.records.Provenance;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read.
 *
 * @param provenance where it was read
 * @param key its key as it was, or null
 * @param content what its value turned out to be
 */
public record ConsumedRecord(Provenance provenance, byte @Nullable [] key, ParsedRecord content) {

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConsumedRecord that
        && provenance.equals(that.provenance)
        && Arrays.equals(key, that.key)
        && content.equals(that.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(provenance, Arrays.hashCode(key), content);
  }
}
