package io.sessionizer.formats;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A condition on the fields of an event, such as {@code type in ("page", "screen") and not /bot =
 * true}. It is true or false of every event: a field that is missing, null, an object or an array
 * is null, and a comparison with null is false, but for {@code = null}.
 *
 * @param text as the user wrote it
 * @param root what it means
 */
public record Condition(String text, Clause<FieldExpression> root) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many digits a number has, at most. */
  public static final int MAX_DIGITS = 30;

  /** How large the exponent of a number is, at most, or how small. */
  public static final int MAX_EXPONENT = 30;

  /**
   * A condition, or a part of it.
   *
   * @param <T> what is compared: fields of an event, or {@linkplain Aggregation of its session}
   */
  public sealed interface Clause<T extends Serializable> extends Serializable
      permits All, Any, Not, Comparison {}

  /**
   * Conditions that must all be true.
   *
   * @param parts at least two
   */
  public record All<T extends Serializable>(List<Clause<T>> parts) implements Clause<T> {
    private static final long serialVersionUID = 1L;

    /** Copies the parts. */
    public All {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Conditions of which one must be true.
   *
   * @param parts at least two
   */
  public record Any<T extends Serializable>(List<Clause<T>> parts) implements Clause<T> {
    private static final long serialVersionUID = 1L;

    /** Copies the parts. */
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A condition that must not be true.
   *
   * @param part which
   */
  public record Not<T extends Serializable>(Clause<T> part) implements Clause<T> {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A comparison with values, of which one must fit.
   *
   * @param operand what is compared
   * @param operator how
   * @param values with what; at least one
   */
  public record Comparison<T extends Serializable>(T operand, Operator operator, List<Value> values)
      implements Clause<T> {
    private static final long serialVersionUID = 1L;

    /** Copies the values. */
    public Comparison {
      values = List.copyOf(values);
    }
  }

  /** How a field is compared. {@code x != y} is {@code not x = y}. */
  public enum Operator {
    EQUAL("="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    CONTAINS("contains"),
    STARTS_WITH("startsWith"),
    ENDS_WITH("endsWith");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** Returns how it is written. */
    public String text() {
      return text;
    }

    /**
     * Whether it is true of a value that is greater than another one, equal to it, or less.
     *
     * @param difference positive, 0 or negative
     */
    public boolean fits(int difference) {
      return switch (this) {
        case EQUAL -> difference == 0;
        case LESS -> difference < 0;
        case AT_MOST -> difference <= 0;
        case GREATER -> difference > 0;
        case AT_LEAST -> difference >= 0;
        default -> throw new IllegalStateException(text + " compares parts of texts");
      };
    }

    /** Whether it compares parts of texts. */
    boolean isOfTexts() {
      return this == CONTAINS || this == STARTS_WITH || this == ENDS_WITH;
    }
  }

  /** A value that a field is compared with. */
  public sealed interface Value extends Serializable permits Text, Decimal, Truth, Null {}

  /**
   * A text.
   *
   * @param text its characters
   */
  public record Text(String text) implements Value {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A number.
   *
   * @param decimal its value, without zeros at the end
   */
  public record Decimal(BigDecimal decimal) implements Value {
    private static final long serialVersionUID = 1L;
  }

  /**
   * True or false.
   *
   * @param isTrue which
   */
  public record Truth(boolean isTrue) implements Value {
    private static final long serialVersionUID = 1L;
  }

  /** Null. */
  public record Null() implements Value {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads a condition.
   *
   * @throws SyntaxException if the text is none
   */
  public static Condition parse(String text) throws SyntaxException {
    return new Condition(text, new FieldConditionParser(text, 0, false).parse());
  }

  /** Returns the condition that a field is true, or the text {@code true}. */
  public static Condition isTrue(FieldExpression field) {
    return new Condition(
        field.text() + " in (true, \"true\")",
        new Comparison<>(field, Operator.EQUAL, List.of(new Truth(true), new Text("true"))));
  }

  /** Whether a field is a part of the Kafka record. */
  public boolean usesKafka() {
    return fields().stream().anyMatch(FieldExpression::usesKafka);
  }

  /** Returns the fields that are compared. */
  public List<FieldExpression> fields() {
    return operands(root);
  }

  /** Returns what is compared in a clause. */
  static <T extends Serializable> List<T> operands(Clause<T> clause) {
    List<T> operands = new ArrayList<>();
    addOperands(clause, operands);
    return operands;
  }

  private static <T extends Serializable> void addOperands(Clause<T> clause, List<T> operands) {
    if (clause instanceof All<T> all) {
      all.parts().forEach(part -> addOperands(part, operands));
    } else if (clause instanceof Any<T> any) {
      any.parts().forEach(part -> addOperands(part, operands));
    } else if (clause instanceof Not<T> not) {
      addOperands(not.part(), operands);
    } else {
      operands.add(((Comparison<T>) clause).operand());
    }
  }

  /** Returns the number that a text is as JSON writes it; null if it is none. */
  public static @Nullable BigDecimal numberIn(String text) {
    return ConditionParser.NUMBER.matcher(text).matches() ? number(text) : null;
  }

  /**
   * Returns a number as conditions compare it.
   *
   * @return null if it has too many digits, or is too large or too small
   */
  public static @Nullable BigDecimal number(String json) {
    if (json.length() > 10 * MAX_DIGITS) {
      return null;
    }
    try {
      BigDecimal exact = new BigDecimal(json);
      if (exact.signum() == 0) {
        return BigDecimal.ZERO;
      }
      BigDecimal decimal = exact.stripTrailingZeros();
      long exponent = (long) decimal.precision() - decimal.scale() - 1;
      return decimal.precision() > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT ? null : decimal;
    } catch (NumberFormatException e) {
      return null; // an exponent beyond the range of int
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
