package io.sessionizer.attributes;

import io.sessionizer.formats.Aggregation;
import io.sessionizer.formats.Condition.All;
import io.sessionizer.formats.Condition.Any;
import io.sessionizer.formats.Condition.Clause;
import io.sessionizer.formats.Condition.Comparison;
import io.sessionizer.formats.Condition.Decimal;
import io.sessionizer.formats.Condition.Not;
import io.sessionizer.formats.Condition.Null;
import io.sessionizer.formats.Condition.Operator;
import io.sessionizer.formats.Condition.Text;
import io.sessionizer.formats.Condition.Truth;
import io.sessionizer.formats.Condition.Value;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.ToIntFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A condition on the aggregations of a session. */
interface SessionTest {
  /** Whether the condition is true. */
  boolean passes(Accumulator[] accumulators);

  /** Compiles a condition. */
  static SessionTest of(Clause<Aggregation> clause, ToIntFunction<Aggregation> numbers) {
    if (clause instanceof All<Aggregation> all) {
      List<SessionTest> parts = all.parts().stream().map(part -> of(part, numbers)).toList();
      return accumulators -> parts.stream().allMatch(part -> part.passes(accumulators));
    } else if (clause instanceof Any<Aggregation> any) {
      List<SessionTest> parts = any.parts().stream().map(part -> of(part, numbers)).toList();
      return accumulators -> parts.stream().anyMatch(part -> part.passes(accumulators));
    } else if (clause instanceof Not<Aggregation> not) {
      SessionTest part = of(not.part(), numbers);
      return accumulators -> !part.passes(accumulators);
    }
    Comparison<Aggregation> comparison = (Comparison<Aggregation>) clause;
    int number = numbers.applyAsInt(comparison.operand());
    return accumulators -> {
      ValueSlice value = accumulators[number].value();
      return comparison.values().stream()
          .anyMatch(other -> isTrue(value, comparison.operator(), other));
    };
  }

  private static boolean isTrue(@Nullable ValueSlice value, Operator operator, Value other) {
    if (value == null) {
      return other instanceof Null;
    } else if (other instanceof Text text) {
      return value.type() == ProjectedFields.TEXT && isTrue(value.text(), operator, text.text());
    } else if (other instanceof Decimal number) {
      return value.type() == ProjectedFields.NUMBER
          && operator.fits(new BigDecimal(value.text()).compareTo(number.decimal()));
    } else if (other instanceof Truth truth) {
      return value.equals(ValueSlice.of(truth.isTrue()));
    }
    return false;
  }

  private static boolean isTrue(String text, Operator operator, String other) {
    return switch (operator) {
      case CONTAINS -> text.contains(other);
      case STARTS_WITH -> text.startsWith(other);
      case ENDS_WITH -> text.endsWith(other);
      default -> operator.fits(text.compareTo(other));
    };
  }
}
