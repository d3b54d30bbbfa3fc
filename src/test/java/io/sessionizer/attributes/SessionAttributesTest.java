package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class SessionAttributesTest {
  private static final int FIELD = ProjectedFields.id("/x");

  private final AtomicInteger skipped = new AtomicInteger();

  /** Returns the attributes of a session whose visits have these values of {@code /x}. */
  private String json(List<?> values, String... attributes) throws SyntaxException {
    List<AttributeDefinition> definitions = new ArrayList<>();
    for (String attribute : attributes) {
      definitions.add(AttributeDefinition.parse(attribute));
    }
    List<VisitedPage> visits = new ArrayList<>();
    for (Object value : values) {
      ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
      if (value instanceof String text) {
        fields.add(FIELD, text);
      } else {
        fields.add(FIELD, new BigDecimal(value.toString()));
      }
      visits.add(new VisitedPage(visits.size(), null, null, fields.toFields()));
    }
    SessionJson json =
        new SessionJson(ZoneOffset.UTC, SessionAttributes.of(definitions, skipped::addAndGet));
    String written = new String(json.write(new Session("v", visits)), UTF_8);
    return written.substring(written.indexOf("\"attributes\":") + 13, written.length() - 1);
  }

  @Test
  void sessionWithoutAttributesHasNoField() {
    assertNull(SessionAttributes.of(List.of(), SkippedValues.UNCOUNTED));
    assertEquals(0, SessionAttributes.maxBytes(List.of()));
  }

  @Test
  void attributesAreInTheirOrder() throws SyntaxException {
    assertEquals(
        "{\"b\":2,\"a\":\"x\",\"c\":true}",
        json(
            List.of("x", "y"),
            "b=count()",
            "a=first(/x)",
            "none=first(/y)",
            "c=any(/x = 1) = false"));
  }

  @Test
  void noValueIsLeftOut() throws SyntaxException {
    assertEquals(
        "{}", json(List.of(1), "a=first(/y)", "b=min(/y)", "c=max(page)", "d=last(user_id)"));
    assertEquals(
        "{\"s\":0,\"c\":0,\"d\":[],\"n\":0}",
        json(List.of(1), "s=sum(/y)", "c=count(/y)", "d=distinct(/y)", "n=countDistinct(/y)"));
  }

  @Test
  void numbersAreExact() throws SyntaxException {
    assertEquals(
        "{\"s\":1000000000000000000000000000000.000000000000000000000000000003}",
        json(List.of("1e30", "0.000000000000000000000000000001", "2e-30"), "s=sum(/x)"));
    assertEquals("{\"d\":[-2,1.5,10]}", json(List.of(10, 1.50, -2, 1.5), "d=distinct(/x)"));
  }

  @Test
  void longTextsAreSkipped() throws SyntaxException {
    String longest = "\u00e9".repeat(1_024);
    assertEquals(
        "{\"a\":\"" + longest + "\",\"n\":1}",
        json(
            List.of(longest + "x", longest, "\ud83d\ude00".repeat(513)),
            "a=first(/x)",
            "n=count(/x)"));
    assertEquals(2, skipped.get());
  }

  @Test
  void listHasHundredSmallest() throws SyntaxException {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 150; i > 0; i--) {
      numbers.add(i);
      numbers.add(i);
    }
    String json = json(numbers, "d=distinct(/x)", "n=countDistinct(/x)");
    assertTrue(json.startsWith("{\"d\":[1,2,3,4,"), json);
    assertTrue(json.endsWith(",99,100],\"d_truncated\":true,\"n\":150}"), json);
    assertEquals(0, skipped.get());
  }

  @Test
  void attributesBeyondLimitAreLeftOut() throws SyntaxException {
    List<String> texts = new ArrayList<>();
    for (char c = 'a'; c <= 'z'; c++) {
      texts.add(("\u0001" + c).repeat(500));
    }
    assertEquals(
        "{\"n\":26,\"last\":true}",
        json(texts, "n=count()", "d=distinct(/x)", "e=distinct(/x)", "last=count() > 1"));
    assertEquals(2, skipped.get());
  }

  @Test
  void staySerializable() throws SyntaxException {
    List<AttributeDefinition> definitions =
        List.of(
            AttributeDefinition.parse("a=first(lower(page)) in (\"x\", 1, true, null)"),
            AttributeDefinition.parse("b=count(kafka:key = \"k\" or not /x < 2)"));
    SessionJson json =
        new SessionJson(ZoneOffset.UTC, SessionAttributes.of(definitions, SkippedValues.UNCOUNTED));
    Session session = new Session("v", List.of(new VisitedPage(0, "p", null)));
    String written = new String(json.write(session), UTF_8);
    assertEquals(written, new String(SerializableUtils.clone(json).write(session), UTF_8));
  }
}
