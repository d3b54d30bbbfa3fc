package io.sessionizer.formats;

import io.sessionizer.records.VisitFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A field that every visit has, whatever its event calls it. */
public enum MappedField implements FieldExpression.Node, Aggregation.Argument {
  VISIT_ID(VisitFormat.VISIT_ID),
  /** Epoch milliseconds, a number. */
  EVENT_TIME(VisitFormat.EVENT_TIME),
  USER_ID(VisitFormat.USER_ID),
  PAGE(VisitFormat.PAGE);

  private final String text;

  MappedField(String text) {
    this.text = text;
  }

  /** Returns the field of a name; null if it is none. */
  static @Nullable MappedField named(String name) {
    for (MappedField field : values()) {
      if (field.text.equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** Returns its name. */
  public String text() {
    return text;
  }
}
