package io.sessionizer.formats;

import io.sessionizer.formats.AttributeDefinition.ConditionFormula;
import io.sessionizer.formats.AttributeDefinition.Formula;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses the {@link Formula} of an attribute: an aggregation, or a condition whose operands are
 * aggregations. The grammar of an aggregation:
 *
 * <pre>{@code
 * aggregation = ("first" | "last" | "distinct" | "countDistinct" | "min" | "max" | "sum") "(" field ")"
 *             | "any" "(" condition ")"
 *             | "count" "(" [ field | condition ] ")"
 * }</pre>
 */
final class FormulaParser extends ConditionParser<Aggregation> {
  private static final String FUNCTIONS =
      Stream.of(AggregateFunction.values())
          .map(function -> function.text() + "(...)")
          .collect(Collectors.joining(", "));

  FormulaParser(String text) {
    super(text, 0);
  }

  Formula formula() throws SyntaxException {
    checkLength();
    if (!next('(') && !nextIsWord("not")) {
      Aggregation value = aggregation();
      skipSpace();
      if (at() == text().length()) {
        return value;
      }
      moveTo(0);
    }
    return new ConditionFormula(parse());
  }

  @Override
  Aggregation operand() throws SyntaxException {
    skipSpace();
    int start = at();
    Aggregation operand = aggregation();
    if (operand.function() == AggregateFunction.DISTINCT) {
      moveTo(start);
      throw expected("another function than distinct, whose list is compared with nothing");
    }
    return operand;
  }

  @Override
  boolean isCondition(Aggregation operand) {
    return operand.function() == AggregateFunction.ANY;
  }

  private Aggregation aggregation() throws SyntaxException {
    skipSpace();
    int start = at();
    int end = start;
    while (end < text().length() && Character.isLetter(text().charAt(end))) {
      end++;
    }
    AggregateFunction function = AggregateFunction.named(text().substring(start, end));
    moveTo(end);
    if (function == null || !passes("(")) {
      moveTo(start);
      throw expected("one of " + FUNCTIONS);
    }
    Aggregation.Argument argument =
        switch (function) {
          case ANY -> conditionOfVisits();
          case COUNT -> next(')') ? null : fieldOrCondition();
          default -> argument(field(true));
        };
    if (!passes(")")) {
      throw expected("')'");
    }
    return new Aggregation(function, argument);
  }

  private Aggregation.Argument fieldOrCondition() throws SyntaxException {
    int start = at();
    Aggregation.Argument field = fieldAlone();
    if (field != null) {
      return field;
    }
    moveTo(start);
    return conditionOfVisits();
  }

  /** Reads a field if there is nothing else in the parentheses; else returns null. */
  private Aggregation.@Nullable Argument fieldAlone() {
    try {
      FieldExpression field = field(true);
      return next(')') ? argument(field) : null;
    } catch (SyntaxException e) {
      return null; // a condition, or the same again
    }
  }

  private static Aggregation.Argument argument(FieldExpression field) {
    return field.root() instanceof MappedField mapped ? mapped : ProjectedField.of(field);
  }

  private ProjectedField conditionOfVisits() throws SyntaxException {
    skipSpace();
    int start = at();
    FieldConditionParser parser = new FieldConditionParser(text(), start, true);
    Condition.Clause<FieldExpression> root = parser.condition();
    moveTo(parser.at());
    return ProjectedField.of(new Condition(text().substring(start, at()).strip(), root));
  }
}
