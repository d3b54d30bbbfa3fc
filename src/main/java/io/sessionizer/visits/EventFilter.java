package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.Condition;
import io.sessionizer.formats.Condition.All;
import io.sessionizer.formats.Condition.Any;
import io.sessionizer.formats.Condition.Comparison;
import io.sessionizer.formats.Condition.Decimal;
import io.sessionizer.formats.Condition.Not;
import io.sessionizer.formats.Condition.Operator;
import io.sessionizer.formats.Condition.Text;
import io.sessionizer.formats.Condition.Truth;
import io.sessionizer.formats.Condition.Value;
import io.sessionizer.formats.FieldExpression;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A {@link Condition} on the fields of a record. */
interface EventFilter {
  /** Whether the condition is true of a record. */
  boolean matches(RecordFields fields);

  /** Compiles a condition. */
  static EventFilter of(
      Condition.Clause<FieldExpression> node, Function<FieldExpression, Evaluation> compiler) {
    if (node instanceof All<FieldExpression> all) {
      EventFilter[] parts =
          all.parts().stream().map(part -> of(part, compiler)).toArray(EventFilter[]::new);
      return fields -> Arrays.stream(parts).allMatch(part -> part.matches(fields));
    } else if (node instanceof Any<FieldExpression> any) {
      EventFilter[] parts =
          any.parts().stream().map(part -> of(part, compiler)).toArray(EventFilter[]::new);
      return fields -> Arrays.stream(parts).anyMatch(part -> part.matches(fields));
    } else if (node instanceof Not<FieldExpression> not) {
      EventFilter part = of(not.part(), compiler);
      return fields -> !part.matches(fields);
    }
    Comparison<FieldExpression> comparison = (Comparison<FieldExpression>) node;
    Evaluation field = compiler.apply(comparison.operand());
    Test[] tests =
        comparison.values().stream()
            .map(value -> test(comparison.operator(), value))
            .toArray(Test[]::new);
    return fields -> {
      int slot = field.evaluate(fields);
      for (Test test : tests) {
        if (test.passes(fields, slot)) {
          return true;
        }
      }
      return false;
    };
  }

  /** A comparison of a field with a value. */
  interface Test {
    /** Whether the field of a slot passes. */
    boolean passes(RecordFields fields, int slot);
  }

  private static Test test(Operator operator, Value value) {
    if (value instanceof Text text) {
      return textTest(operator, text.text());
    } else if (value instanceof Decimal number) {
      return (fields, slot) -> {
        BigDecimal decimal = decimal(fields, slot);
        return decimal != null && operator.fits(decimal.compareTo(number.decimal()));
      };
    } else if (value instanceof Truth truth) {
      byte type = truth.isTrue() ? RecordFields.TRUE : RecordFields.FALSE;
      return (fields, slot) -> fields.type(slot) == type;
    }
    return (fields, slot) ->
        switch (fields.type(slot)) {
          case RecordFields.NUMBER -> decimal(fields, slot) == null;
          case RecordFields.TRUE, RecordFields.FALSE -> false;
          default -> !fields.isAnyText(slot);
        };
  }

  private static @Nullable BigDecimal decimal(RecordFields fields, int slot) {
    return fields.type(slot) == RecordFields.NUMBER ? Condition.number(fields.text(slot)) : null;
  }

  private static Test textTest(Operator operator, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return switch (operator) {
      case EQUAL ->
          (fields, slot) -> fields.isAnyText(slot) && startsWith(fields, slot, utf8, true);
      case STARTS_WITH ->
          (fields, slot) -> fields.isAnyText(slot) && startsWith(fields, slot, utf8, false);
      case ENDS_WITH -> (fields, slot) -> fields.isAnyText(slot) && endsWith(fields, slot, utf8);
      case CONTAINS -> (fields, slot) -> fields.isAnyText(slot) && contains(fields, slot, utf8);
      default ->
          (fields, slot) ->
              fields.isAnyText(slot) && operator.fits(fields.text(slot).compareTo(text));
    };
  }

  private static boolean startsWith(RecordFields fields, int slot, byte[] utf8, boolean isWhole) {
    int start = fields.start(slot);
    int length = fields.end(slot) - start;
    return (isWhole ? length == utf8.length : length >= utf8.length)
        && isAt(fields.bytes(slot), start, utf8);
  }

  private static boolean endsWith(RecordFields fields, int slot, byte[] utf8) {
    int start = fields.end(slot) - utf8.length;
    return start >= fields.start(slot) && isAt(fields.bytes(slot), start, utf8);
  }

  private static boolean contains(RecordFields fields, int slot, byte[] utf8) {
    byte[] bytes = fields.bytes(slot);
    int last = fields.end(slot) - utf8.length;
    for (int at = fields.start(slot); at <= last; at++) {
      if (isAt(bytes, at, utf8)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] bytes, int at, byte[] utf8) {
    return Arrays.equals(bytes, at, at + utf8.length, utf8, 0, utf8.length);
  }
}
