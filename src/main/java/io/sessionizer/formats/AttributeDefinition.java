package io.sessionizer.formats;

import io.sessionizer.formats.Condition.Clause;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An attribute of sessions: a name, and how its value is computed from a session's visits. Some are
 *
 * <pre>{@code
 * entry_page=first(page)
 * revenue=sum(/value)
 * bounce=count() = 1 and not any(/event = "purchase")
 * }</pre>
 *
 * @param name its name in a session's JSON
 * @param text of the formula, as the user wrote it
 * @param formula what it means
 */
public record AttributeDefinition(String name, String text, Formula formula)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Behind the name of an attribute whose list of values is not complete. */
  public static final String TRUNCATED = "_truncated";

  /** How many characters a name has, at most. */
  private static final int MAX_NAME = 100;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** How a value is computed: an aggregation, or a condition on some. */
  public sealed interface Formula extends Serializable permits Aggregation, ConditionFormula {}

  /**
   * A condition on a session.
   *
   * @param condition which
   */
  public record ConditionFormula(Clause<Aggregation> condition) implements Formula {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads {@code NAME=FORMULA}.
   *
   * @throws SyntaxException if the text is something else
   */
  public static AttributeDefinition parse(String text) throws SyntaxException {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new SyntaxException("must be NAME=EXPRESSION, for example entry_page=first(page)");
    }
    String name = text.substring(0, equals).strip();
    if (!NAME.matcher(name).matches() || name.length() > MAX_NAME) {
      throw new SyntaxException(
          "the name '%s' must be letters, digits and '_', not begin with a digit, and have %s characters at most"
              .formatted(name, MAX_NAME));
    }
    String formula = text.substring(equals + 1);
    try {
      return new AttributeDefinition(name, formula.strip(), new FormulaParser(formula).formula());
    } catch (SyntaxException e) {
      throw new SyntaxException("expression: " + e.getMessage());
    }
  }

  /** Returns the names that it has in a session's JSON. */
  public List<String> names() {
    return formula instanceof Aggregation value && value.function() == AggregateFunction.DISTINCT
        ? List.of(name, name + TRUNCATED)
        : List.of(name);
  }

  /** Returns what it is computed from, in order. */
  public List<Aggregation> aggregations() {
    return formula instanceof Aggregation value
        ? List.of(value)
        : Condition.operands(((ConditionFormula) formula).condition());
  }

  /** Returns the projected fields that attributes need, each once. */
  public static List<ProjectedField> projected(List<AttributeDefinition> attributes) {
    return attributes.stream().flatMap(AttributeDefinition::projected).distinct().toList();
  }

  private Stream<ProjectedField> projected() {
    return aggregations().stream()
        .map(Aggregation::argument)
        .filter(ProjectedField.class::isInstance)
        .map(ProjectedField.class::cast);
  }

  /** As in the flag. */
  @Override
  public String toString() {
    return name + "=" + text;
  }
}
