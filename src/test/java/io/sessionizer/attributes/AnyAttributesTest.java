package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Attributes are what a naive model computes, whatever the order in which visits come. */
class AnyAttributesTest {
  private static final String[] FIELDS = {"/a", "lower(b)", "page", "user_id", "event_time", "c"};
  private static final String[] CONDITIONS = {"/a = 1", "page in (\"a\", \"b\")", "not b = null"};
  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "\u00e9",
    "\uE000",
    "\ud83d\ude00",
    "\"\\\n\u0001",
    "12",
    "-0.50",
    "1e2",
    "01",
    "1e31",
    "1.",
    "123456789012345678901.5",
    "0.00",
    "-0"
  };
  private static final String[] NUMBERS = {
    "0", "1", "1.00", "-2", "0.5", "1e30", "123456789012345678901234567890", "1e-30", "99"
  };

  private final Random random = new Random();

  private static AnyAttributesTest of(long seed) {
    AnyAttributesTest any = new AnyAttributesTest();
    any.random.setSeed(seed);
    return any;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String aggregation() {
    return switch (random.nextInt(9)) {
      case 0 -> "count()";
      case 1 -> "count(" + pick(CONDITIONS) + ")";
      case 2 -> "any(" + pick(CONDITIONS) + ")";
      default ->
          pick("first", "last", "count", "countDistinct", "min", "max", "sum")
              + "("
              + pick(FIELDS)
              + ")";
    };
  }

  private String condition(int nesting) {
    return switch (random.nextInt(nesting < 3 ? 9 : 4)) {
      case 0 -> aggregation() + " in (" + value() + "," + value() + ")";
      case 1 -> aggregation() + pick(" contains ", " startsWith ", " endsWith ") + text();
      case 2 -> aggregation() + pick("<", "<=", ">", ">=") + (random.nextBoolean() ? text() : "1");
      case 3 -> aggregation() + pick(" = ", " != ") + value();
      case 4 -> "not " + condition(nesting + 1);
      case 5 -> "(" + condition(nesting + 1) + ")";
      case 6 -> condition(nesting + 1) + " and " + condition(nesting + 1);
      case 7 -> condition(nesting + 1) + " or " + condition(nesting + 1);
      default -> "any(" + pick(CONDITIONS) + ")";
    };
  }

  private String value() {
    return random.nextInt(3) == 0
        ? pick("null", "true", "false")
        : random.nextBoolean() ? text() : pick(NUMBERS);
  }

  private String text() {
    return '"' + pick("", "a", "b", "\u00e9", "12") + '"';
  }

  private List<AttributeDefinition> definitions() throws SyntaxException {
    List<AttributeDefinition> definitions = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String formula =
          switch (random.nextInt(4)) {
            case 0 -> "distinct(" + pick(FIELDS) + ")";
            case 1 -> condition(0);
            default -> aggregation();
          };
      definitions.add(AttributeDefinition.parse("n" + i + "=" + formula));
    }
    return definitions;
  }

  private VisitedPage visit(List<AttributeDefinition> definitions) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    for (ProjectedField field : AttributeDefinition.projected(definitions)) {
      if (field.source() instanceof ProjectedField.OfCondition) {
        if (random.nextInt(3) == 0) {
          fields.add(field.id(), true);
        }
        continue;
      }
      switch (random.nextInt(6)) {
        case 0 -> fields.add(field.id(), random.nextBoolean());
        case 1, 2 -> fields.add(field.id(), new BigDecimal(pick(NUMBERS)));
        case 3, 4 -> fields.add(field.id(), pick(TEXTS));
        default -> {}
      }
    }
    return new VisitedPage(
        1_704_067_200_000L + random.nextInt(4),
        random.nextInt(4) == 0 ? null : longer(pick(TEXTS)),
        random.nextInt(2) == 0 ? null : pick(TEXTS),
        fields.toFields());
  }

  /** Some texts have more characters than an attribute has; others only more bytes. */
  private String longer(String text) {
    return switch (random.nextInt(20)) {
      case 0 -> "\u00e9".repeat(1_024);
      case 1 -> "x".repeat(1_025);
      default -> text;
    };
  }

  @Property(tries = 5_000)
  void agreeWithModel(@ForAll long seed) throws Exception {
    AnyAttributesTest any = of(seed);
    List<AttributeDefinition> definitions = any.definitions();
    List<VisitedPage> visits = new ArrayList<>();
    for (int i = any.random.nextInt(8); i >= 0; i--) {
      visits.add(any.visit(definitions));
    }
    SessionJson json =
        new SessionJson(
            ZoneOffset.UTC, SessionAttributes.of(definitions, SkippedValues.UNCOUNTED), null);
    String written = new String(json.write(new Session("v", visits)), UTF_8);
    String model = AttributeModel.json(new Session("v", visits), definitions);
    assertEquals(
        ",\"attributes\":" + model + "}", suffix(written), () -> definitions + " " + visits);
    Collections.shuffle(visits, any.random);
    assertEquals(written, new String(json.write(new Session("v", visits)), UTF_8));
    assertTrue(
        suffix(written).getBytes(UTF_8).length - 1 <= SessionAttributes.maxBytes(definitions));
  }

  private static String suffix(String json) {
    return json.substring(json.indexOf(",\"attributes\":"));
  }
}
