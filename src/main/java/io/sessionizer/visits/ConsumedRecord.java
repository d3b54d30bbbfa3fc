package io.sessionizer.visits;

import io.sessionizer.records.SourcePosition;
import java.util.Arrays;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read.
 *
 * @param origin where it was read
 * @param key its key as it was, or null
 * @param content what its value turned out to be
 */
public record ConsumedRecord(SourcePosition origin, byte @Nullable [] key, ParsedRecord content) {

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConsumedRecord that
        && origin.equals(that.origin)
        && Arrays.equals(key, that.key)
        && content.equals(that.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, Arrays.hashCode(key), content);
  }
}
