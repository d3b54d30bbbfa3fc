package io.sessionizer.formats;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value that is computed from the visits of a session, such as {@code sum(/value)}.
 *
 * @param function how
 * @param argument of which values; null in {@code count()}
 */
public record Aggregation(AggregateFunction function, @Nullable Argument argument)
    implements AttributeDefinition.Formula {
  private static final long serialVersionUID = 1L;

  /** The values of a function: a field that every visit has, or a projected one. */
  public sealed interface Argument extends Serializable permits MappedField, ProjectedField {}
}
