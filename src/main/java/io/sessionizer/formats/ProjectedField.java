package io.sessionizer.formats;

import io.sessionizer.records.ProjectedFields;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What rules or attributes need of an event besides the {@linkplain MappedField fields that every
 * visit has}: the value of a field, or whether a condition is true. It is evaluated when the event
 * is read, and its value is one of the visit's {@link ProjectedFields}.
 *
 * @param text as the user wrote it, without blanks around it; of the fields of two flags the flag
 * @param source what it means
 */
public record ProjectedField(String text, ProjectedSource source)
    implements Serializable, Aggregation.Argument {
  private static final long serialVersionUID = 1L;

  /** What the value of a projected field is. */
  public sealed interface ProjectedSource extends Serializable
      permits OfField, OfCondition, OfSequence, OfEventId {}

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
   * The number that orders events of one millisecond; a text may be the number.
   *
   * @param field which
   */
  public record OfSequence(FieldExpression field) implements ProjectedSource {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The id of the event, by which duplicates are known.
   *
   * @param field which
   */
  public record OfEventId(FieldExpression field) implements ProjectedSource {
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

  /** Returns the projected field that orders events of one millisecond. */
  static ProjectedField sequence(FieldExpression field) {
    return new ProjectedField(FormatFlags.SEQUENCE, new OfSequence(field));
  }

  /** Returns the projected field by which duplicates are known. */
  static ProjectedField eventId(FieldExpression field) {
    return new ProjectedField(FormatFlags.EVENT_ID, new OfEventId(field));
  }

  /** Returns the projected field with the same values in events where another field has them. */
  public ProjectedField in(FieldExpression field) {
    return new ProjectedField(
        text,
        source instanceof OfSequence
            ? new OfSequence(field)
            : source instanceof OfEventId ? new OfEventId(field) : new OfField(field));
  }

  /** Whether a flag of the format names it, and no rule and no attribute. */
  boolean isOfFormat() {
    return source instanceof OfSequence || source instanceof OfEventId;
  }

  /** Returns the id of its values. */
  public int id() {
    return source instanceof OfSequence
        ? ProjectedFields.SEQUENCE
        : source instanceof OfEventId ? ProjectedFields.EVENT_ID : ProjectedFields.id(text);
  }

  /** Returns the field that has its value; null if it is a condition. */
  public @Nullable FieldExpression field() {
    return source instanceof OfField value
        ? value.field()
        : source instanceof OfSequence sequence
            ? sequence.field()
            : source instanceof OfEventId eventId ? eventId.field() : null;
  }

  /** Returns the fields that it needs. */
  public List<FieldExpression> fields() {
    return source instanceof OfCondition condition
        ? condition.condition().fields()
        : List.of(Objects.requireNonNull(field(), "it is no condition"));
  }

  /** Whether a field that it needs is a part of the Kafka record. */
  public boolean usesKafka() {
    return fields().stream().anyMatch(FieldExpression::usesKafka);
  }
}
