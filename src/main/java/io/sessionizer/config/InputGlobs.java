package io.sessionizer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * The values of {@code --input}, for Beam a JSON array: it would divide those of a list at commas,
 * which a glob or the name of a file may have.
 *
 * @param globs in the order in which they are given
 */
public record InputGlobs(@JsonValue List<String> globs) {
  static final String FLAG = "--input";

  /** Copies them. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public InputGlobs {
    globs = List.copyOf(globs);
  }
}
