package io.sessionizer.attributes;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.formats.FieldExpression.Step;
import io.sessionizer.formats.MappedField;
import io.sessionizer.formats.ProjectedField;
import java.io.Serializable;
import java.util.List;

/**
 * Fields of an event whose values no attribute of a private session has. The user of a visit is one
 * of them wherever it is not replaced by a pseudonym: as part of an expression, and under the name
 * that it has in the event.
 *
 * @param fields whose parts are private
 */
public record PrivateFields(List<FieldExpression> fields) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** None. */
  public static final PrivateFields NONE = new PrivateFields(List.of());

  /** Copies the fields. */
  public PrivateFields {
    fields = List.copyOf(fields);
  }

  /** Whether an attribute needs a private field. */
  boolean areIn(AttributeDefinition attribute) {
    return AttributeDefinition.projected(List.of(attribute)).stream()
        .map(ProjectedField::fields)
        .flatMap(List::stream)
        .flatMap(field -> field.leaves().stream())
        .anyMatch(this::isPrivate);
  }

  private boolean isPrivate(Node leaf) {
    return !fields.isEmpty()
        && (leaf == MappedField.USER_ID
            || fields.stream()
                .flatMap(field -> field.leaves().stream())
                .anyMatch(other -> areWithinEachOther(leaf, other)));
  }

  private static boolean areWithinEachOther(Node a, Node b) {
    if (!(a instanceof Pointer first) || !(b instanceof Pointer second)) {
      return a.equals(b);
    }
    List<Step> steps = first.steps();
    List<Step> others = second.steps();
    int common = Math.min(steps.size(), others.size());
    return steps.subList(0, common).equals(others.subList(0, common));
  }
}
