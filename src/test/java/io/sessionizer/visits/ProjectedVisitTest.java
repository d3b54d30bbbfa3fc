package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The projected fields of visits. */
class ProjectedVisitTest {
  private static Visit visit(InputFormat format, String members) throws RejectedVisitException {
    VisitReader reader = new VisitReader(new VisitFields(format));
    byte[] json =
        ("{\"visit_id\":7,\"event_time\":\"2024-01-01T00:00:00Z\"," + members + "}")
            .getBytes(UTF_8);
    reader.read(json, 0, json.length, null);
    return reader.visit();
  }

  private static @Nullable Object value(String field, String members) throws Exception {
    ProjectedField projected = ProjectedField.parse(field);
    return visit(InputFormat.DEFAULT.withProjected(List.of(projected)), members)
        .fields()
        .value(projected.id());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "0.0, 0",
    "-0.00, 0",
    "1.50, 1.5",
    "-0.5, -0.5",
    "10, 10",
    "1e2, 100",
    "100.0, 100",
    "15E-1, 1.5",
    "1.0E+30, 1000000000000000000000000000000",
    "9.99e30, 9990000000000000000000000000000",
    "123456789012345678901234567890, 123456789012345678901234567890"
  })
  void numbersHaveOneForm(String json, String plain) throws Exception {
    ProjectedField field = ProjectedField.parse("/x");
    ProjectedFields.FieldsWriter expected = new ProjectedFields.FieldsWriter();
    expected.add(field.id(), new BigDecimal(plain));
    assertEquals(
        expected.toFields(),
        visit(InputFormat.DEFAULT.withProjected(List.of(field)), "\"x\":" + json).fields());
  }

  @ParameterizedTest
  @CsvSource({"null", "{}", "[1]", "1e31", "1e-31", "1234567890123456789012345678901"})
  void otherValuesAreMissing(String json) throws Exception {
    assertNull(value("/x", "\"x\":" + json));
  }

  @Test
  void mappedFieldsAreTexts() throws Exception {
    assertEquals("7", value("lower(visit_id)", "\"a\":1"));
    assertEquals("a b", value("lower(page)", "\"page\":\"A B\""));
    assertEquals(BigDecimal.ONE, value("/page", "\"page\":1"));
    assertEquals("1704067200000", value("lower(event_time)", "\"a\":1"));
    assertNull(value("lower(user_id)", "\"page\":1"));
  }

  @Test
  void mappedFieldsAreThoseOfFormat() throws Exception {
    List<ProjectedField> fields =
        AttributeDefinition.projected(
            List.of(
                AttributeDefinition.parse("n=any(page = \"P\" and user_id = \"3\" and /page = 1)"),
                AttributeDefinition.parse("m=any(user_id = 3)")));
    InputFormat format =
        InputFormat.read(
                Map.of("--pageField", "/url", "--userIdField", "/who"), Set.of(), new ArrayList<>())
            .withProjected(fields);
    ProjectedFields values = visit(format, "\"url\":\"P\",\"who\":3,\"page\":1").fields();
    assertEquals(true, values.value(fields.get(0).id()));
    assertNull(values.value(fields.get(1).id()));
  }

  @Test
  void longTextIsCut() throws Exception {
    String longest = "\u00e9".repeat(1_024);
    assertEquals(longest, value("/x", "\"x\":\"" + longest + "\""));
    assertEquals(longest + "y", value("/x", "\"x\":\"" + longest + "yz\""));
    assertEquals(
        "\ud83d\ude00".repeat(513), value("/x", "\"x\":\"" + "\ud83d\ude00".repeat(600) + "\""));
  }
}
