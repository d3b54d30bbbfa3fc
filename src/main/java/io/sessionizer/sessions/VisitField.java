package io.sessionizer.sessions;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitedPage;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A field of a visit whose values {@link SessionRules} compare: the user or the page that every
 * visit may have, or one of its {@link ProjectedFields}. Immutable; equal if the names are.
 */
public final class VisitField implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The user. */
  public static final VisitField USER_ID = new VisitField(Origin.USER_ID, VisitFormat.USER_ID);

  /** The page. */
  public static final VisitField PAGE = new VisitField(Origin.PAGE, VisitFormat.PAGE);

  /** Where a visit has the value. */
  enum Origin {
    USER_ID,
    PAGE,
    PROJECTED
  }

  private final Origin origin;
  private final String fieldName;
  private final int id;

  private VisitField(Origin origin, String fieldName) {
    this.origin = origin;
    this.fieldName = fieldName;
    this.id = ProjectedFields.id(fieldName);
  }

  /** Returns the field of a name; a projected one, unless it is {@code user_id} or {@code page}. */
  public static VisitField named(String name) {
    return switch (name) {
      case VisitFormat.USER_ID -> USER_ID;
      case VisitFormat.PAGE -> PAGE;
      default -> new VisitField(Origin.PROJECTED, name);
    };
  }

  /** Where a visit has the value. */
  Origin origin() {
    return origin;
  }

  /** The id among {@link ProjectedFields}, if it is one of them. */
  int id() {
    return id;
  }

  /** Whether it is one of a visit's {@link ProjectedFields}. */
  public boolean isProjected() {
    return origin == Origin.PROJECTED;
  }

  /**
   * Returns the value of a visit: a String, a Boolean, a {@link java.math.BigDecimal}, or null if
   * it has none.
   */
  public @Nullable Object of(VisitedPage visit) {
    return switch (origin) {
      case USER_ID -> visit.userId();
      case PAGE -> visit.page();
      case PROJECTED -> {
        Object value = visit.fields().value(id);
        boolean isTooLong =
            value instanceof String text && text.length() > VisitFormat.MAX_PROJECTED_CHARACTERS;
        yield isTooLong ? null : value;
      }
    };
  }

  /** The name in a flag and in the reason why a session ended. */
  public String fieldName() {
    return fieldName;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VisitField that && fieldName.equals(that.fieldName);
  }

  @Override
  public int hashCode() {
    return fieldName.hashCode();
  }

  @Override
  public String toString() {
    return fieldName;
  }
}
