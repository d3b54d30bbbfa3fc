package io.sessionizer.formats;

import io.sessionizer.records.ProjectedFields;
import java.io.Serializable;
import java.util.List;

/**
 * What rules or attributes need of an event besides the {@linkplain MappedField fields that every
 * visit has}: the value of a field, or whether a condition is true. It is evaluated when the event
 * is read, and its value is one of the visit's {@link ProjectedFields}.
 *
 * @param text as the user wrote it, without blanks around it
 * @param source what it means
 */
public record ProjectedField(String text, ProjectedSource source)
    implements Serializable, Aggregation.Argument {
  private static final long serialVersionUID = 1L;

  /** What the value of a projected field is. */
  public sealed interface ProjectedSource extends Serializable permits OfField, OfCondition {}

  /**
   * The value of a field.
   *
   * @param field which
   */
  public record OfField(FieldExpression field) implements ProjectedSource {
    private static final long serialVersionUID = 1L;
  }

  /**
   * True if a condition is true; else missing.
   *
   * @param condition which
   */
  public record OfCondition(Condition condition) implements ProjectedSource {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads a field, in which the names of {@linkplain MappedField mapped fields} are these.
   *
   * @throws SyntaxException if the text is none
   */
  public static ProjectedField parse(String text) throws SyntaxException {
    return of(FieldExpression.parseOfVisits(text.strip()));
  }

  /** Returns the projected field that has the value of a field. */
  static ProjectedField of(FieldExpression field) {
    return new ProjectedField(field.text(), new OfField(field));
  }

  /** Returns the projected field that says whether a condition is true. */
  public static ProjectedField of(Condition condition) {
    return new ProjectedField(condition.text(), new OfCondition(condition));
  }

  /** Returns the id of its values. */
  public int id() {
    return ProjectedFields.id(text);
  }

  /** Returns the fields that it needs. */
  public List<FieldExpression> fields() {
    return source instanceof OfField value
        ? List.of(value.field())
        : ((OfCondition) source).condition().fields();
  }

  /** Whether a field that it needs is a part of the Kafka record. */
  public boolean usesKafka() {
    return fields().stream().anyMatch(FieldExpression::usesKafka);
  }
}
