package io.sessionizer.formats;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the value of a field is: the name of a member, a JSON Pointer, a part of the Kafka record,
 * a function of one of these, the first of several that is there, or several joined. Some are
 *
 * <pre>{@code
 * user_id
 * /context/user/id
 * /params[key=page]/value       the element of an array whose member "key" is "page"
 * kafka:header:trace
 * path(/page/url),/page/name    the first that is there
 * address+agent                 both, joined
 * }</pre>
 *
 * @param text as the user wrote it
 * @param root what it means
 */
public record FieldExpression(String text, Node root) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** An expression, or a part of it. */
  public sealed interface Node extends Serializable
      permits Pointer, KafkaField, MappedField, Call, FirstOf, Joined {}

  /**
   * A value within the event.
   *
   * @param steps from the event on; at least one
   */
  public record Pointer(List<Step> steps) implements Node {
    private static final long serialVersionUID = 1L;

    /** Copies the steps. */
    public Pointer {
      steps = List.copyOf(steps);
    }
  }

  /** A step from a value to one within it. */
  public sealed interface Step extends Serializable permits Member, Element {}

  /**
   * The member of an object by its name, or the element of an array by its index.
   *
   * @param name name or index
   */
  public record Member(String name) implements Step {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The first element of an array that is an object with a certain member.
   *
   * @param member its name
   * @param value its text
   */
  public record Element(String member, String value) implements Step {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A part of the Kafka record around the event.
   *
   * @param part which
   * @param header the header's name; of other parts empty
   */
  public record KafkaField(KafkaPart part, String header) implements Node {
    private static final long serialVersionUID = 1L;
  }

  /** What a Kafka record has besides its value. */
  public enum KafkaPart {
    KEY,
    TIMESTAMP,
    HEADER
  }

  /**
   * A function of a field.
   *
   * @param function which
   * @param field of what
   * @param parameter the name of the parameter of a query; of other functions empty
   */
  public record Call(Function function, Node field, String parameter) implements Node {
    private static final long serialVersionUID = 1L;
  }

  /** A function of a text. */
  public enum Function {
    /** The path of a URL, decoded. */
    PATH,
    /** The host of a URL. */
    HOST,
    /** The first value of a parameter in the query of a URL, decoded. */
    QUERY,
    /** The text in lower case. */
    LOWER;

    /** Returns the name in an expression. */
    public String text() {
      return switch (this) {
        case PATH -> "path";
        case HOST -> "host";
        case QUERY -> "query";
        case LOWER -> "lower";
      };
    }
  }

  /**
   * The first of several that is there.
   *
   * @param alternatives at least two
   */
  public record FirstOf(List<Node> alternatives) implements Node {
    private static final long serialVersionUID = 1L;

    /** Copies the alternatives. */
    public FirstOf {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * Several values, joined; missing unless all are there.
   *
   * @param parts at least two
   */
  public record Joined(List<Node> parts) implements Node {
    private static final long serialVersionUID = 1L;

    /** Copies the parts. */
    public Joined {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Reads an expression.
   *
   * @throws SyntaxException if the text is none
   */
  public static FieldExpression parse(String text) throws SyntaxException {
    return new FieldExpression(text, new FieldParser(text, false).parse());
  }

  /**
   * Reads an expression in which the names {@code visit_id}, {@code event_time}, {@code user_id}
   * and {@code page} are the {@linkplain MappedField fields of visits}, not members of events.
   *
   * @throws SyntaxException if the text is none
   */
  public static FieldExpression parseOfVisits(String text) throws SyntaxException {
    return new FieldExpression(text, new FieldParser(text, true).parse());
  }

  /**
   * Returns where a field ends that is followed by {@code =} and a value: at the first one that is
   * neither in brackets nor behind a backslash.
   *
   * @return -1 if there is none
   */
  public static int end(String fieldAndValue) {
    int brackets = 0;
    for (int at = 0; at < fieldAndValue.length(); at++) {
      switch (fieldAndValue.charAt(at)) {
        case '\\' -> at++;
        case '[' -> brackets++;
        case ']' -> brackets--;
        case '=' -> {
          if (brackets <= 0) {
            return at;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /** Returns the member of an event by its name, whatever characters that has. */
  public static FieldExpression member(String name) {
    return new FieldExpression(name, new Pointer(List.of(new Member(name))));
  }

  /** Whether a part is one of the Kafka record. */
  public boolean usesKafka() {
    return leaves().stream().anyMatch(KafkaField.class::isInstance);
  }

  /** Returns the pointers, the parts of the Kafka record and fields of visits, in their order. */
  public List<Node> leaves() {
    List<Node> leaves = new ArrayList<>();
    addLeaves(root, leaves);
    return leaves;
  }

  private static void addLeaves(Node node, List<Node> leaves) {
    if (node instanceof Call call) {
      addLeaves(call.field(), leaves);
    } else if (node instanceof FirstOf first) {
      first.alternatives().forEach(alternative -> addLeaves(alternative, leaves));
    } else if (node instanceof Joined joined) {
      joined.parts().forEach(part -> addLeaves(part, leaves));
    } else {
      leaves.add(node);
    }
  }

  /** Returns the text of an expression in the shortest form. */
  static String format(Node node) {
    if (node instanceof Pointer pointer) {
      return pointer.steps().stream().map(FieldExpression::format).collect(Collectors.joining());
    } else if (node instanceof KafkaField kafka) {
      return switch (kafka.part()) {
        case KEY -> "kafka:key";
        case TIMESTAMP -> "kafka:timestamp";
        case HEADER -> "kafka:header:" + escaped(kafka.header());
      };
    } else if (node instanceof MappedField field) {
      return field.text();
    } else if (node instanceof Call call) {
      return Stream.concat(
              Stream.of(format(call.field())),
              call.function() == Function.QUERY
                  ? Stream.of(escaped(call.parameter()))
                  : Stream.of())
          .collect(Collectors.joining(",", call.function().text() + "(", ")"));
    } else if (node instanceof FirstOf first) {
      return first.alternatives().stream()
          .map(FieldExpression::format)
          .collect(Collectors.joining(","));
    } else {
      return ((Joined) node)
          .parts().stream().map(FieldExpression::format).collect(Collectors.joining("+"));
    }
  }

  private static String format(Step step) {
    if (step instanceof Element element) {
      return "[" + escaped(element.member()) + "=" + escaped(element.value()) + "]";
    }
    String name = ((Member) step).name();
    return "/" + escaped(name.replace("~", "~0").replace("/", "~1"));
  }

  private static String escaped(String name) {
    return name.replaceAll("[,+=\\\\()\\[\\] ]", "\\\\$0");
  }

  @Override
  public String toString() {
    return text;
  }
}
