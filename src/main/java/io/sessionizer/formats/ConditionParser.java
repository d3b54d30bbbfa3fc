package io.sessionizer.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses conditions. Their grammar, in which white space between words has no meaning:
 *
 * <pre>{@code
 * condition  = all *( "or" all )
 * all        = one *( "and" one )
 * one        = "not" one | "(" condition ")" | comparison
 * comparison = operand ("=" | "!=" | "<" | "<=" | ">" | ">=") value
 *            | operand "in" list
 *            | operand ("contains" | "startsWith" | "endsWith") ( value | list )
 * list       = "(" value *( "," value ) ")"
 * value      = text in quotation marks | number | "true" | "false" | "null"
 * }</pre>
 *
 * @param <T> operands, which subclasses parse
 */
abstract class ConditionParser<T extends Serializable> {
  private static final int MAX_CHARACTERS = 10_000;
  private static final int MAX_NESTING = 50;

  /** A number as JSON writes it. */
  static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

  private final String text;
  private int at;

  /** Creates a parser of the text from a position on. */
  ConditionParser(String text, int from) {
    this.text = text;
    this.at = from;
  }

  /** Reads an operand of a comparison. */
  abstract T operand() throws SyntaxException;

  /** Whether an operand is true or false, so that it may stand without a comparison. */
  abstract boolean isCondition(T operand);

  /** Reads the whole text as a condition. */
  Clause<T> parse() throws SyntaxException {
    checkLength();
    Clause<T> node = any(0);
    if (at < text.length()) {
      throw expected("'and', 'or' or the end");
    }
    return node;
  }

  void checkLength() throws SyntaxException {
    if (text.length() > MAX_CHARACTERS) {
      throw new SyntaxException(
          "has %s characters, %s at most".formatted(text.length(), MAX_CHARACTERS));
    }
  }

  /** Reads a condition as far as it goes. */
  Clause<T> condition() throws SyntaxException {
    return any(0);
  }

  String text() {
    return text;
  }

  /** Returns the position of the next character. */
  int at() {
    return at;
  }

  /** Continues elsewhere. */
  void moveTo(int position) {
    at = position;
  }

  private Clause<T> any(int nesting) throws SyntaxException {
    List<Clause<T>> parts = new ArrayList<>();
    do {
      parts.add(all(nesting));
    } while (passesWord("or"));
    return parts.size() == 1 ? parts.get(0) : new Any<>(parts);
  }

  private Clause<T> all(int nesting) throws SyntaxException {
    List<Clause<T>> parts = new ArrayList<>();
    do {
      parts.add(one(nesting));
    } while (passesWord("and"));
    return parts.size() == 1 ? parts.get(0) : new All<>(parts);
  }

  private Clause<T> one(int nesting) throws SyntaxException {
    if (nesting == MAX_NESTING) {
      throw expected("at most " + MAX_NESTING + " levels of 'not' and parentheses");
    }
    if (passesWord("not")) {
      return new Not<>(one(nesting + 1));
    }
    if (passes("(")) {
      Clause<T> node = any(nesting + 1);
      if (!passes(")")) {
        throw expected("'and', 'or' or ')'");
      }
      return node;
    }
    return comparison();
  }

  private Clause<T> comparison() throws SyntaxException {
    T operand = operand();
    if (isCondition(operand) && isEndOfComparison()) {
      return new Comparison<>(operand, Operator.EQUAL, List.of(new Truth(true)));
    }
    if (passes("!=")) {
      return new Not<>(new Comparison<>(operand, Operator.EQUAL, List.of(value())));
    }
    if (passesWord("in")) {
      return new Comparison<>(operand, Operator.EQUAL, list());
    }
    for (Operator operator :
        List.of(
            Operator.AT_MOST, Operator.AT_LEAST, Operator.LESS, Operator.GREATER, Operator.EQUAL)) {
      if (passes(operator.text())) {
        int start = at;
        Value value = value();
        boolean hasOrder = value instanceof Text || value instanceof Decimal;
        if (operator != Operator.EQUAL && !hasOrder) {
          at = start;
          skipSpace();
          throw expected("a text or a number behind '" + operator.text() + "'");
        }
        return new Comparison<>(operand, operator, List.of(value));
      }
    }
    for (Operator operator : Operator.values()) {
      if (operator.isOfTexts() && passesWord(operator.text())) {
        int start = at;
        List<Value> values = next('(') ? list() : List.of(value());
        if (!values.stream().allMatch(Text.class::isInstance)) {
          at = start;
          skipSpace();
          throw expected("texts in quotation marks behind '" + operator.text() + "'");
        }
        return new Comparison<>(operand, operator, values);
      }
    }
    throw expected("=, !=, <, <=, >, >=, in, contains, startsWith or endsWith");
  }

  private boolean isEndOfComparison() {
    skipSpace();
    return at == text.length() || nextIs(')') || nextIsWord("and") || nextIsWord("or");
  }

  /**
   * Reads a field as far as an operator or a blank that is neither in brackets nor next to a comma
   * or a plus.
   *
   * @param ofVisits whether names of the fields that every visit has are these
   */
  FieldExpression field(boolean ofVisits) throws SyntaxException {
    skipSpace();
    int start = at;
    int parentheses = 0;
    boolean isElement = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        at++;
      } else if (isElement) {
        isElement = c != ']';
      } else if (c == '[') {
        isElement = true;
      } else if (c == '(') {
        parentheses++;
      } else if (c == ')' && parentheses > 0) {
        parentheses--;
      } else if (parentheses == 0 && isSpace(c)) {
        int end = at;
        skipSpace();
        if (!isBetweenTerms(start, end)) {
          break;
        }
        continue;
      } else if (parentheses == 0 && (c == ')' || isOperator())) {
        break;
      }
      at++;
    }
    at = Math.min(at, text.length());
    String field = text.substring(start, at).strip();
    if (field.isEmpty() || List.of("and", "or", "in").contains(field)) {
      at = start;
      throw expected("a field");
    }
    try {
      return ofVisits ? FieldExpression.parseOfVisits(field) : FieldExpression.parse(field);
    } catch (SyntaxException e) {
      throw new SyntaxException(
          "the field '%s' at character %s: %s".formatted(field, start + 1, e.getMessage()));
    }
  }

  /** Whether a comma or a plus is before the blanks from {@code end} on, or behind them. */
  private boolean isBetweenTerms(int start, int end) {
    boolean isBehind =
        end - 1 > start && isSeparator(text.charAt(end - 1)) && text.charAt(end - 2) != '\\';
    return isBehind || (at < text.length() && isSeparator(text.charAt(at)));
  }

  private static boolean isSeparator(char c) {
    return c == ',' || c == '+';
  }

  private boolean isOperator() {
    return "=<>".indexOf(text.charAt(at)) >= 0 || text.startsWith("!=", at);
  }

  private List<Value> list() throws SyntaxException {
    if (!passes("(")) {
      throw expected("'('");
    }
    List<Value> values = new ArrayList<>();
    do {
      values.add(value());
    } while (passes(","));
    if (!passes(")")) {
      throw expected("',' or ')'");
    }
    return values;
  }

  private Value value() throws SyntaxException {
    skipSpace();
    if (next('"') || next('\'')) {
      return new Text(quotedText());
    }
    if (passesWord("true")) {
      return new Truth(true);
    }
    if (passesWord("false")) {
      return new Truth(false);
    }
    if (passesWord("null")) {
      return new Null();
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw expected("a text in quotation marks, a number, true, false or null");
    }
    BigDecimal decimal = Condition.number(number.group());
    if (decimal == null) {
      throw expected(
          "a number of at most %s digits, with an exponent of at most %s"
              .formatted(Condition.MAX_DIGITS, Condition.MAX_EXPONENT));
    }
    at = number.end();
    return new Decimal(decimal);
  }

  private String quotedText() throws SyntaxException {
    int start = at;
    char quotationMark = text.charAt(at++);
    StringBuilder quoted = new StringBuilder();
    while (!nextIs(quotationMark)) {
      if (at == text.length()) {
        throw expected("the quotation mark that ends the text from character " + (start + 1));
      }
      quoted.append(nextIs('\\') ? escape(quotationMark) : text.charAt(at));
      at++;
    }
    if (!UTF_8.newEncoder().canEncode(quoted)) {
      at = start;
      throw expected("a text without half of a surrogate pair");
    }
    at++;
    return quoted.toString();
  }

  private char escape(char quotationMark) throws SyntaxException {
    at++;
    if (nextIs(quotationMark)) {
      return quotationMark;
    }
    char escaped = at < text.length() ? text.charAt(at) : ' ';
    return switch (escaped) {
      case '\\', '/' -> escaped;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        Matcher code = Pattern.compile("[0-9a-fA-F]{4}").matcher(text);
        if (!code.region(Math.min(at + 1, text.length()), text.length()).lookingAt()) {
          throw expected("four hexadecimal digits behind \\u");
        }
        at += 4;
        yield (char) Integer.parseInt(code.group(), 16);
      }
      default -> throw expected("an escape of JSON behind \\");
    };
  }

  boolean next(char c) {
    skipSpace();
    return nextIs(c);
  }

  private boolean nextIs(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  boolean passes(String sign) {
    skipSpace();
    boolean isNext = text.startsWith(sign, at);
    at += isNext ? sign.length() : 0;
    return isNext;
  }

  /** Passes over a word that ends there. */
  private boolean passesWord(String word) {
    boolean isNext = nextIsWord(word);
    at += isNext ? word.length() : 0;
    return isNext;
  }

  boolean nextIsWord(String word) {
    skipSpace();
    int end = at + word.length();
    return text.startsWith(word, at) && (end == text.length() || isEndOfWord(text.charAt(end)));
  }

  private static boolean isEndOfWord(char c) {
    return isSpace(c) || "()\"',".indexOf(c) >= 0;
  }

  void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  SyntaxException expected(String expected) {
    return SyntaxException.at(text, at, expected);
  }
}
