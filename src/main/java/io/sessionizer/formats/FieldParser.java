package io.sessionizer.formats;

import io.sessionizer.formats.FieldExpression.Call;
import io.sessionizer.formats.FieldExpression.Element;
import io.sessionizer.formats.FieldExpression.FirstOf;
import io.sessionizer.formats.FieldExpression.Function;
import io.sessionizer.formats.FieldExpression.Joined;
import io.sessionizer.formats.FieldExpression.KafkaField;
import io.sessionizer.formats.FieldExpression.KafkaPart;
import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.formats.FieldExpression.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses a {@link FieldExpression}. Its grammar, in which blanks around terms have no meaning:
 *
 * <pre>{@code
 * expression   = alternatives *( "+" alternatives )
 * alternatives = term *( "," term )
 * term         = name | pointer | "kafka:key" | "kafka:timestamp" | "kafka:header:" name
 *              | ("path" | "host" | "lower") "(" alternatives ")"
 *              | "query" "(" alternatives "," name ")"
 * pointer      = 1*( "/" name *( "[" name "=" name "]" ) )
 * }</pre>
 */
final class FieldParser {
  private static final int MAX_CHARACTERS = 4_000;
  private static final int MAX_TERMS = 50;
  private static final int MAX_STEPS = 50;

  /** Functions within functions. */
  private static final int MAX_NESTING = 10;

  /** What a backslash takes literally. */
  private static final String ESCAPED = ",+=\\()[] ";

  private final String text;
  private final boolean ofVisits;
  private int at;
  private int terms;

  /**
   * Creates a parser.
   *
   * @param ofVisits whether names of the fields that every visit has are these
   */
  FieldParser(String text, boolean ofVisits) {
    this.text = text;
    this.ofVisits = ofVisits;
  }

  Node parse() throws SyntaxException {
    if (text.length() > MAX_CHARACTERS) {
      throw new SyntaxException(
          "has %s characters, %s at most".formatted(text.length(), MAX_CHARACTERS));
    }
    List<Node> parts = new ArrayList<>();
    do {
      parts.add(firstOf(alternatives(0)));
    } while (passes('+'));
    if (at < text.length()) {
      throw expected("',', '+' or the end");
    }
    return parts.size() == 1 ? parts.get(0) : new Joined(parts);
  }

  private static Node firstOf(List<Node> alternatives) {
    return alternatives.size() == 1 ? alternatives.get(0) : new FirstOf(alternatives);
  }

  private List<Node> alternatives(int nesting) throws SyntaxException {
    List<Node> alternatives = new ArrayList<>();
    do {
      alternatives.add(term(nesting));
    } while (passes(','));
    return alternatives;
  }

  private Node term(int nesting) throws SyntaxException {
    if (++terms > MAX_TERMS) {
      throw expected("at most " + MAX_TERMS + " terms");
    }
    skipBlanks();
    if (next('/')) {
      return pointer();
    }
    int start = at;
    String name = name();
    if (text.startsWith("kafka:", start)) {
      return kafka(start, name);
    }
    if (next('(')) {
      return call(start, name, nesting);
    }
    if (name.isEmpty()) {
      throw expected("a field");
    }
    MappedField mapped = ofVisits ? MappedField.named(name) : null;
    return mapped == null ? new Pointer(List.of(new Member(name))) : mapped;
  }

  private Node kafka(int start, String name) throws SyntaxException {
    String header = "kafka:header:";
    if (name.equals("kafka:key")) {
      return new KafkaField(KafkaPart.KEY, "");
    } else if (name.equals("kafka:timestamp")) {
      return new KafkaField(KafkaPart.TIMESTAMP, "");
    } else if (name.startsWith(header) && name.length() > header.length()) {
      return new KafkaField(KafkaPart.HEADER, name.substring(header.length()));
    }
    at = start;
    throw expected("kafka:key, kafka:timestamp or kafka:header:NAME");
  }

  private Node call(int start, String name, int nesting) throws SyntaxException {
    Function function = null;
    for (Function each : Function.values()) {
      function = each.text().equals(name) ? each : function;
    }
    if (function == null) {
      at = start;
      throw expected(
          "path(...), host(...), query(...) or lower(...); in a name, parentheses are written \\("
              + " and \\)");
    }
    if (nesting == MAX_NESTING) {
      throw expected("at most " + MAX_NESTING + " functions within each other");
    }
    at++;
    List<Node> fields = alternatives(nesting + 1);
    String parameter = "";
    if (function == Function.QUERY) {
      parameter = fields.isEmpty() ? "" : parameterName(fields.remove(fields.size() - 1));
      if (parameter.isEmpty() || fields.isEmpty()) {
        throw expected("query(FIELD,NAME)");
      }
    }
    if (!passes(')')) {
      throw expected("')'");
    }
    return new Call(function, firstOf(fields), parameter);
  }

  private static String parameterName(Node node) {
    if (node instanceof MappedField mapped) {
      return mapped.text();
    }
    return node instanceof Pointer pointer
            && pointer.steps().size() == 1
            && pointer.steps().get(0) instanceof Member member
        ? member.name()
        : "";
  }

  private Node pointer() throws SyntaxException {
    List<Step> steps = new ArrayList<>();
    while (next('/')) {
      at++;
      int start = at;
      String name = unescapedStep(start, word(",+=()/["));
      if (!next('[') || at > start) {
        steps.add(new Member(name));
      }
      while (next('[')) {
        steps.add(element());
      }
      if (steps.size() > MAX_STEPS) {
        throw expected("at most " + MAX_STEPS + " steps");
      }
    }
    skipBlanks();
    return new Pointer(steps);
  }

  private String unescapedStep(int start, String name) throws SyntaxException {
    int tilde = name.indexOf('~');
    while (tilde >= 0) {
      if (!name.startsWith("0", tilde + 1) && !name.startsWith("1", tilde + 1)) {
        at = text.indexOf('~', start);
        throw expected("'~0' for '~' or '~1' for '/' in a pointer");
      }
      tilde = name.indexOf('~', tilde + 1);
    }
    return name.replace("~1", "/").replace("~0", "~");
  }

  private Step element() throws SyntaxException {
    at++;
    String member = word("=]");
    if (!passes('=')) {
      throw expected("[MEMBER=TEXT]");
    }
    String value = word("]");
    if (!passes(']')) {
      throw expected("']'");
    }
    return new Element(member, value);
  }

  /** Reads a name, without the blanks around it. */
  private String name() throws SyntaxException {
    String name = word(",+=()");
    if (next('=')) {
      throw expected("',', '+' or the end; in a name, '=' is written \\=");
    }
    return name;
  }

  /** Reads as far as one of some characters, without blanks at the end. */
  private String word(String ends) throws SyntaxException {
    StringBuilder word = new StringBuilder();
    int length = 0;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      boolean isEscaped = text.charAt(at) == '\\';
      if (isEscaped) {
        at++;
        if (at == text.length() || ESCAPED.indexOf(text.charAt(at)) < 0) {
          throw expected("one of , + = \\ ( ) [ ] behind \\");
        }
      }
      word.append(text.charAt(at));
      length = isEscaped || text.charAt(at) != ' ' ? word.length() : length;
      at++;
    }
    return word.substring(0, length);
  }

  private boolean next(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean passes(char c) {
    skipBlanks();
    boolean isNext = next(c);
    at += isNext ? 1 : 0;
    return isNext;
  }

  private void skipBlanks() {
    while (next(' ')) {
      at++;
    }
  }

  private SyntaxException expected(String expected) {
    return SyntaxException.at(text, at, expected);
  }
}
