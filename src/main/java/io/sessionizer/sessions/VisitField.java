package io.sessionizer.sessions;

import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitedPage;
import java.util.Optional;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A field of a visit whose values {@link SessionRules} compare. Here and in {@link
 * PackedVisitReader} is how to read one.
 */
public enum VisitField {
  USER_ID(VisitFormat.USER_ID),
  PAGE(VisitFormat.PAGE);

  private final String fieldName;

  VisitField(String fieldName) {
    this.fieldName = fieldName;
  }

  /** Returns the field of a name, if there is one. */
  public static Optional<VisitField> named(String name) {
    return Stream.of(values()).filter(field -> field.fieldName.equals(name)).findFirst();
  }

  /** Returns the value of a visit; null if it has none. */
  public @Nullable String of(VisitedPage visit) {
    return switch (this) {
      case USER_ID -> visit.userId();
      case PAGE -> visit.page();
    };
  }

  /** The name in a flag and in the reason why a session ended. */
  public String fieldName() {
    return fieldName;
  }
}
