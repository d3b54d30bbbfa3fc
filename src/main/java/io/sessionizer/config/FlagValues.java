package io.sessionizer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.sessionizer.formats.FormatFlags;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of a flag that may be repeated, for Beam a JSON array: it would divide those of a list
 * at commas, which a glob, the name of a file, a value of a rule or an attribute may have.
 *
 * @param values in the order in which they are given
 */
public record FlagValues(@JsonValue List<String> values) {
  /** The flags that have such values. */
  static final Set<String> FLAGS =
      Set.of(
          "--input",
          "--splitOn",
          "--endOn",
          AttributeSettings.FLAG,
          PrivacySettings.FIELDS,
          FormatFlags.MISSING);

  /** Copies them. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public FlagValues {
    values = List.copyOf(values);
  }

  /** Returns the values; none if the flag is not given. */
  public static List<String> of(@Nullable FlagValues given) {
    return given == null ? List.of() : given.values();
  }
}
