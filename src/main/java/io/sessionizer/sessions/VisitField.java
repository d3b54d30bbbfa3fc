package io.sessionizer.sessions;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A field of a visit whose values rules compare. Everything that knows how to read one is in {@link
 * OrderedVisits}.
 */
public enum VisitField {
  USER_ID("user_id"),
  PAGE("page");

  private final String fieldName;

  VisitField(String fieldName) {
    this.fieldName = fieldName;
  }

  /** Returns the field of a name, if there is one. */
  public static Optional<VisitField> named(String name) {
    return Stream.of(values()).filter(field -> field.fieldName.equals(name)).findFirst();
  }

  /** The name in a flag and in the reason why a session ended. */
  public String fieldName() {
    return fieldName;
  }
}
