package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Expressions are read as they are written, and other texts are malformed. */
class AnyExpressionTest {
  private static final String SIGNS =
      "abn0/,+=\\()[]~ \"'<>!-.{}$:\u00e9\ud83d\ude00\n\u0000notandorinkafka:key";

  private static final String[] WORDS = {
    "a",
    "/b/c",
    "/a[key=b]/c",
    "kafka:key",
    "kafka:header:",
    "path(",
    "query(",
    "lower(",
    ")",
    ",",
    "+",
    "=",
    "!=",
    "<",
    "<=",
    " not ",
    " and ",
    " or ",
    " in ",
    " contains ",
    "(",
    "\"x\"",
    "'y'",
    "1",
    "-2.5e3",
    "true",
    "null",
    "\\",
    "\\(",
    "[",
    "]",
    " ",
    "~"
  };

  private static final String[] WORDS_OF_FORMULAS = {
    "count()",
    "count(",
    "first(",
    "any(",
    "distinct(",
    "sum(",
    ")",
    " = 1",
    "page",
    "/a",
    ",",
    "+",
    " ",
    "not ",
    " and ",
    "(",
    "='x'",
    "\\"
  };

  private static Node node(Random random, int nesting) {
    return switch (random.nextInt(nesting == 0 ? 7 : 5)) {
      case 0 -> new KafkaField(KafkaPart.KEY, "");
      case 1 -> new KafkaField(KafkaPart.HEADER, name(random) + "h");
      case 2 -> call(random, nesting);
      case 5 -> new FirstOf(some(() -> leaf(random, nesting)));
      case 6 ->
          new Joined(
              some(
                  () ->
                      random.nextBoolean()
                          ? leaf(random, nesting)
                          : new FirstOf(some(() -> leaf(random, nesting)))));
      default -> pointer(random);
    };
  }

  private static Node leaf(Random random, int nesting) {
    return random.nextInt(3) == 0 ? call(random, nesting) : pointer(random);
  }

  private static Node call(Random random, int nesting) {
    if (nesting > 3) {
      return pointer(random);
    }
    Function function = List.of(Function.values()).get(random.nextInt(4));
    Node field =
        random.nextInt(3) == 0
            ? new FirstOf(some(() -> leaf(random, nesting + 1)))
            : leaf(random, nesting + 1);
    return new Call(function, field, function == Function.QUERY ? name(random) + "q" : "");
  }

  private static List<Node> some(Supplier<Node> node) {
    return List.of(node.get(), node.get());
  }

  private static Node pointer(Random random) {
    List<Step> steps = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      steps.add(new Member(name(random)));
      if (random.nextInt(4) == 0) {
        steps.add(new Element(name(random), name(random)));
      }
    }
    return new Pointer(steps);
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder(random.nextBoolean() ? "n" : "x/~");
    for (int i = random.nextInt(6); i > 0; i--) {
      name.append(SIGNS.charAt(random.nextInt(28)));
    }
    return name.toString();
  }

  @Property(tries = 3_000)
  void readsWhatIsWritten(@ForAll long seed) throws SyntaxException {
    Node node = node(new Random(seed), 0);
    String text = FieldExpression.format(node);
    FieldExpression read = FieldExpression.parse(text);
    assertEquals(node, read.root(), text);
    assertEquals(read, FieldExpression.parse(read.toString()));
  }

  private static String anyText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(
          random.nextInt(3) == 0
              ? SIGNS.substring(random.nextInt(SIGNS.length())).substring(0, 1)
              : WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  @Property(tries = 20_000)
  void noTextBreaksParserOfFields(@ForAll long seed) {
    String text = anyText(new Random(seed));
    try {
      assertEquals(text, FieldExpression.parse(text).toString());
    } catch (SyntaxException e) {
      assertEquals(e.getMessage(), message(() -> FieldExpression.parse(text)));
    }
  }

  @Property(tries = 20_000)
  void noTextBreaksParserOfConditions(@ForAll long seed) {
    String text = anyText(new Random(seed)) + anyText(new Random(seed + 1));
    try {
      assertEquals(text, Condition.parse(text).toString());
    } catch (SyntaxException e) {
      assertEquals(e.getMessage(), message(() -> Condition.parse(text)));
    }
  }

  @Property(tries = 20_000)
  void noTextBreaksParserOfAttributes(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder words = new StringBuilder("n=");
    for (int i = random.nextInt(8); i > 0; i--) {
      words.append(
          random.nextInt(6) == 0
              ? anyText(random)
              : WORDS_OF_FORMULAS[random.nextInt(WORDS_OF_FORMULAS.length)]);
    }
    String text = words.toString();
    try {
      assertEquals("n=" + text.substring(2).strip(), AttributeDefinition.parse(text).toString());
    } catch (SyntaxException e) {
      assertEquals(e.getMessage(), message(() -> AttributeDefinition.parse(text)));
    }
  }

  @Property(tries = 2_000)
  void noUnicodeBreaksParsers(@ForAll String text) {
    message(() -> AttributeDefinition.parse(text));
    message(() -> AttributeDefinition.parse("n=first(" + text + ")"));
    message(() -> ProjectedField.parse(text));
    message(() -> FieldExpression.parse(text));
    message(() -> Condition.parse(text));
    message(() -> EventTimeFormat.parse(text));
    message(() -> EventTimeFormat.parse("pattern:" + text));
    message(() -> EventField.parse(text));
  }

  /** Parses a text. */
  private interface Parsing {
    Object parse() throws SyntaxException;
  }

  private static String message(Parsing parsing) {
    try {
      return parsing.parse().toString();
    } catch (SyntaxException e) {
      return e.getMessage();
    }
  }
}
