package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.Condition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Call;
import io.sessionizer.formats.FieldExpression.Element;
import io.sessionizer.formats.FieldExpression.FirstOf;
import io.sessionizer.formats.FieldExpression.Joined;
import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.formats.FieldExpression.Step;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Fields and conditions are what a naive model makes of the whole record as a tree of JSON: same
 * page, same rejection for it, same records filtered; in place, and by the parser of JSON alone.
 */
class AnyMappingTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String[] NAMES = {"a", "b", "key", "0", "1", "c"};

  private static final String[] TEXTS = {
    "",
    "-",
    "a",
    "b",
    "A+B",
    "\\\\u0061",
    "x:y",
    "\\\\\\\\",
    "/p%20q?b=1&a=2+3#f",
    "\u00c9",
    "http://h.org:80/\u00e9%C3%A9%ff",
    "1",
    "\\\\ud83d\\\\ude00",
    "\\\\/"
  };

  private static final Set<String> MISSING = Set.of("-");

  private final Random random = new Random();

  private static AnyMappingTest of(long seed) {
    AnyMappingTest any = new AnyMappingTest();
    any.random.setSeed(seed);
    return any;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String json(int nesting) {
    return switch (random.nextInt(nesting < 4 ? 12 : 7)) {
      case 0 -> "null";
      case 1 -> pick("true", "false");
      case 2 ->
          pick(
              "1",
              "1.5",
              "-2",
              "1E+2",
              "0.5",
              "100",
              "1E+99",
              "12345678901234567890",
              "0",
              "1234567890123456789012345678901");
      case 7, 8 ->
          Stream.generate(() -> json(nesting + 1))
              .limit(random.nextInt(4))
              .collect(Collectors.joining(",", "[", "]"));
      case 9, 10, 11 -> object(nesting);
      default -> '"' + pick(TEXTS).replace("\\\\", "\\") + '"';
    };
  }

  private String object(int nesting) {
    return Stream.generate(() -> '"' + pick(NAMES) + "\":" + json(nesting + 1))
        .limit(random.nextInt(5))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private String record() {
    String members =
        Stream.generate(() -> '"' + pick(NAMES) + "\":" + json(0))
            .limit(random.nextInt(6))
            .collect(Collectors.joining(","));
    return "{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:18:00Z\""
        + (members.isEmpty() ? "" : "," + members)
        + "}";
  }

  private String pointer() {
    StringBuilder pointer = new StringBuilder();
    for (int steps = random.nextInt(3); steps >= 0; steps--) {
      pointer.append('/').append(pick(NAMES));
      if (random.nextInt(3) == 0) {
        pointer.append("[").append(pick(NAMES)).append("=").append(pick("a", "b", "1")).append("]");
      }
    }
    return pointer.toString();
  }

  private String field(int nesting) {
    return switch (random.nextInt(nesting < 3 ? 9 : 3)) {
      case 3 -> "lower(" + field(nesting + 1) + ")";
      case 4 -> "path(" + field(nesting + 1) + ")";
      case 5 -> "query(" + field(nesting + 1) + "," + pick("a", "b") + ")";
      case 6 -> "host(" + field(nesting + 1) + ")";
      case 7 -> field(nesting + 1) + "," + field(nesting + 1);
      case 8 -> nesting == 0 ? field(1) + "+" + field(1) : pick(NAMES);
      default -> random.nextBoolean() ? pointer() : pick(NAMES);
    };
  }

  private String condition(int nesting) {
    return switch (random.nextInt(nesting < 4 ? 9 : 4)) {
      case 4 -> "not " + condition(nesting + 1);
      case 5 -> "(" + condition(nesting + 1) + ")";
      case 6 -> condition(nesting + 1) + " and " + condition(nesting + 1);
      case 7 -> condition(nesting + 1) + " or " + condition(nesting + 1);
      case 0 -> field(1) + " in (" + value() + ", " + value() + ")";
      case 1 -> field(1) + pick(" contains ", " startsWith ", " endsWith ") + text();
      case 2 ->
          field(1)
              + pick(" < ", " <= ", " > ", " >= ")
              + (random.nextBoolean() ? text() : number());
      default -> field(1) + pick(" = ", " != ") + value();
    };
  }

  private String value() {
    return random.nextInt(3) == 0
        ? pick("null", "true", "false")
        : random.nextBoolean() ? text() : number();
  }

  private String text() {
    return '"' + pick("", "a", "b", "x:y", "1", "\u00e9", "a+b", "/p q", "\ud83d\ude00") + '"';
  }

  private String number() {
    return pick("1", "1.00", "-2", "100", "0.5", "1e2");
  }

  /** What a field is: nothing, a text or a number, or something else that is a rejection. */
  private record Value(@Nullable String text, @Nullable String problem, @Nullable JsonNode node) {
    static final Value NONE = new Value(null, null, null);

    static Value of(String text) {
      return new Value(text, null, null);
    }
  }

  private static Value of(@Nullable JsonNode node) {
    if (node == null || node.isNull() || (node.isTextual() && MISSING.contains(node.asText()))) {
      return Value.NONE;
    } else if (node.isValueNode() && !node.isBoolean()) {
      return new Value(node.asText(), null, node);
    }
    String name = node.isBoolean() ? node.asText() : node.isObject() ? "an object" : "an array";
    return new Value(null, name, node);
  }

  private static @Nullable JsonNode at(JsonNode root, List<Step> steps) {
    JsonNode at = root;
    for (Step step : steps) {
      at = within(at, step);
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private static @Nullable JsonNode within(JsonNode node, Step step) {
    if (step instanceof Member member) {
      return node.isArray() && member.name().matches("0|[1-9][0-9]*")
          ? node.get(Integer.parseInt(member.name()))
          : node.isObject() ? node.get(member.name()) : null;
    }
    Element element = (Element) step;
    if (node.isArray()) {
      for (JsonNode each : node) {
        JsonNode key = each.isObject() ? each.get(element.member()) : null;
        if (key != null && key.isTextual() && key.asText().equals(element.value())) {
          return each;
        }
      }
    }
    return null;
  }

  private static Value value(JsonNode root, Node field) {
    if (field instanceof Pointer pointer) {
      return of(at(root, pointer.steps()));
    } else if (field instanceof FirstOf first) {
      return first.alternatives().stream()
          .map(alternative -> value(root, alternative))
          .filter(value -> !value.equals(Value.NONE))
          .findFirst()
          .orElse(Value.NONE);
    } else if (field instanceof Joined joined) {
      List<String> parts = new ArrayList<>();
      for (Node part : joined.parts()) {
        Value value = value(root, part);
        if (value.text() == null) {
          return value;
        }
        parts.add(value.text().replaceAll("[\\\\:]", "\\\\$0"));
      }
      return Value.of(String.join(":", parts));
    }
    Call call = (Call) field;
    Value text = value(root, call.field());
    if (text.text() == null) {
      return text;
    }
    String result =
        switch (call.function()) {
          case LOWER -> text.text().toLowerCase(Locale.ROOT);
          case PATH -> path(text.text());
          case HOST -> host(text.text());
          case QUERY -> parameter(text.text(), call.parameter());
        };
    return result == null ? Value.NONE : Value.of(result);
  }

  private static String path(String url) {
    String path = url.replaceFirst("(?s)[?#].*", "");
    String behind = path.replaceFirst("^(?:[\\w+.-]+:)?//[^/]*", "");
    return decoded(behind.isEmpty() && !path.isEmpty() ? "/" : behind, false);
  }

  private static @Nullable String host(String url) {
    String path = url.replaceFirst("(?s)[?#].*", "");
    if (!path.matches("(?s)(?:[\\w+.-]+:)?//.*")) {
      return null;
    }
    String host =
        path.replaceFirst("^[^/]*//", "").replaceFirst("(?s)/.*", "").replaceFirst("(?s).*@", "");
    host = host.replaceFirst(":[0-9]*$", "");
    return host.isEmpty() ? null : decoded(host, false);
  }

  private static @Nullable String parameter(String url, String name) {
    String query = url.replaceFirst("(?s)#.*", "");
    if (query.indexOf('?') < 0) {
      return null;
    }
    for (String part : query.substring(query.indexOf('?') + 1).split("&", -1)) {
      if (decoded(part.replaceFirst("(?s)=.*", ""), true).equals(name)) {
        return decoded(part.indexOf('=') < 0 ? "" : part.substring(part.indexOf('=') + 1), true);
      }
    }
    return null;
  }

  private static String decoded(String text, boolean isQuery) {
    StringBuilder bytes = new StringBuilder();
    byte[] utf8 = text.getBytes(UTF_8);
    int i = 0;
    while (i < utf8.length) {
      String hex = i + 2 < utf8.length ? "" + (char) utf8[i + 1] + (char) utf8[i + 2] : "";
      if (utf8[i] == '%' && hex.matches("[0-9a-fA-F]{2}")) {
        bytes.append((char) Integer.parseInt(hex, 16));
        i += 3;
      } else {
        bytes.append(isQuery && utf8[i] == '+' ? ' ' : (char) (utf8[i] & 0xFF));
        i++;
      }
    }
    String decoded = new String(bytes.toString().getBytes(ISO_8859_1), UTF_8);
    return decoded.indexOf('\ufffd') < 0 ? decoded : text;
  }

  private static boolean isTrue(JsonNode root, Condition.Clause<FieldExpression> node) {
    if (node instanceof Condition.All<FieldExpression> all) {
      return all.parts().stream().allMatch(part -> isTrue(root, part));
    } else if (node instanceof Condition.Any<FieldExpression> any) {
      return any.parts().stream().anyMatch(part -> isTrue(root, part));
    } else if (node instanceof Condition.Not<FieldExpression> not) {
      return !isTrue(root, not.part());
    }
    Condition.Comparison<FieldExpression> comparison = (Condition.Comparison<FieldExpression>) node;
    Value value = value(root, comparison.operand().root());
    return comparison.values().stream().anyMatch(v -> isTrue(value, comparison.operator(), v));
  }

  private static boolean isTrue(Value value, Condition.Operator operator, Condition.Value other) {
    BigDecimal decimal =
        value.node() != null && value.node().isNumber()
            ? Condition.number(value.node().decimalValue().toString())
            : null;
    String text = value.node() != null && !value.node().isTextual() ? null : value.text();
    if (other instanceof Condition.Null) {
      return text == null && decimal == null && !(value.node() != null && value.node().isBoolean());
    } else if (other instanceof Condition.Truth truth) {
      return value.node() != null
          && value.node().isBoolean()
          && value.node().asBoolean() == truth.isTrue();
    }
    int difference;
    if (other instanceof Condition.Decimal number) {
      if (decimal == null) {
        return false;
      }
      difference = decimal.compareTo(number.decimal());
    } else {
      String expected = ((Condition.Text) other).text();
      if (text == null) {
        return false;
      }
      switch (operator) {
        case CONTAINS -> {
          return text.contains(expected);
        }
        case STARTS_WITH -> {
          return text.startsWith(expected);
        }
        case ENDS_WITH -> {
          return text.endsWith(expected);
        }
        default -> difference = text.compareTo(expected);
      }
    }
    return switch (operator) {
      case EQUAL -> difference == 0;
      case LESS -> difference < 0;
      case AT_MOST -> difference <= 0;
      case GREATER -> difference > 0;
      default -> difference >= 0;
    };
  }

  private static String modelled(JsonNode root, InputFormat format, FieldExpression page) {
    Condition where = format.where();
    if (where != null && !isTrue(root, where.root())) {
      return "filtered";
    }
    Value value = value(root, page.root());
    return value.problem() == null
        ? String.valueOf(value.text())
        : page + " must be a text or a number, not " + value.problem();
  }

  private static String read(VisitReader reader, byte[] json) {
    try {
      return reader.read(json, 0, json.length, null) == null
          ? String.valueOf(reader.visit().page())
          : "filtered";
    } catch (RejectedVisitException e) {
      return e.getMessage();
    }
  }

  @Property(tries = 1_000)
  void agreesWithModel(@ForAll long seed) throws Exception {
    AnyMappingTest any = of(seed);
    List<String> problems = new ArrayList<>();
    String page = any.field(0);
    Map<String, String> flags =
        any.random.nextBoolean()
            ? Map.of("--pageField", page)
            : Map.of("--pageField", page, "--where", any.condition(0));
    InputFormat format = InputFormat.read(flags, MISSING, problems);
    assertEquals(List.of(), problems, flags::toString);
    VisitFields fields = new VisitFields(format);
    VisitReader inPlace = new VisitReader(fields);
    VisitReader parsed = new VisitReader(new VisitFields(format), ParsedJsonScanner::new);
    for (int i = 0; i < 20; i++) {
      String json = any.record();
      String expected = modelled(tree(json), format, FieldExpression.parse(page));
      byte[] bytes = json.getBytes(UTF_8);
      String read = read(inPlace, bytes);
      String message = flags + " " + json;
      assertEquals(read, read(parsed, bytes), message);
      assertEquals(expected, read, message);
    }
  }

  /** What a projected field is in the model: true of a condition, a value of a field, or null. */
  private static @Nullable Object projected(JsonNode root, ProjectedField field) {
    if (field.source() instanceof ProjectedField.OfCondition condition) {
      return isTrue(root, condition.condition().root()) ? true : null;
    }
    Value value = value(root, field.fields().get(0).root());
    JsonNode node = value.node();
    if (node == null) {
      return value.text();
    } else if (node.isNumber()) {
      BigDecimal number = Condition.number(node.decimalValue().toString());
      return number == null ? null : new BigDecimal(number.toPlainString());
    }
    return node.isBoolean()
        ? (Object) node.booleanValue()
        : node.isTextual() ? node.asText() : null;
  }

  @Property(tries = 1_000)
  void projectedFieldsAgreeWithModel(@ForAll long seed) throws Exception {
    AnyMappingTest any = of(seed);
    List<ProjectedField> fields = new ArrayList<>();
    for (int i = any.random.nextInt(4); i >= 0; i--) {
      String attribute =
          any.random.nextBoolean()
              ? "n=first(" + any.field(0) + ")"
              : "n=any(" + any.condition(0) + ")";
      fields.addAll(AttributeDefinition.projected(List.of(AttributeDefinition.parse(attribute))));
    }
    InputFormat format =
        InputFormat.read(Map.of(), MISSING, new ArrayList<>()).withProjected(fields);
    VisitReader reader = new VisitReader(new VisitFields(format));
    for (int i = 0; i < 20; i++) {
      String json = any.record();
      byte[] bytes = json.getBytes(UTF_8);
      reader.read(bytes, 0, bytes.length, null);
      ProjectedFields read = reader.visit().fields();
      JsonNode tree = tree(json);
      for (ProjectedField field : fields) {
        assertEquals(
            projected(tree, field), read.value(field.id()), () -> field.text() + " " + json);
      }
    }
  }

  private static JsonNode tree(String json) throws JsonProcessingException {
    return JSON.readTree(json);
  }

  @Property(tries = 200)
  void noBytesBreakReader(@ForAll long seed, @ForAll byte[] bytes) {
    AnyMappingTest any = of(seed);
    List<String> problems = new ArrayList<>();
    InputFormat format =
        InputFormat.read(
            Map.of(
                "--pageField", any.field(0),
                "--visitIdField", any.field(0),
                "--eventTimeField", any.field(0),
                "--eventTimeFormat", any.pick("epoch-seconds", "epoch-nanos", "pattern:yyyy"),
                "--jsonText", any.pick("a", "/b/c,a"),
                "--recordField", any.pick("a", "base64:b"),
                "--where", any.condition(0)),
            MISSING,
            problems);
    assertEquals(List.of(), problems);
    VisitParser parser = new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    parser.parse(bytes);
    for (int i = 0; i < 20; i++) {
      byte[] json = any.record().getBytes(UTF_8);
      json[any.random.nextInt(json.length)] = (byte) any.random.nextInt(256);
      parser.parse(json);
    }
  }
}
