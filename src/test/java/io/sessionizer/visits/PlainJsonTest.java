package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.records.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much it decides; {@link AnyBytesTest} shows that it is right. */
class PlainJsonTest {
  private static final String TIME = "\"event_time\":\"2024-01-01T00:18:00Z\"";
  private static final Visit VISIT = new Visit("v", 1704068280000L, "u", "p");

  @Test
  void upstreamVisitsArePlain() throws RejectedVisitException {
    VisitGenerator generator =
        new VisitGenerator(
            new Traffic(
                1_000, 100, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
    while (generator.hasNext()) {
      byte[] json = generator.next().value();
      assertEquals(VisitJson.parseAny(json), PlainJson.parse(json));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\",%s}",
        " {\t\"page\" : \"p\" ,\n %s,\r\"visit_id\": \"v\", \"user_id\" :\"u\" } \n",
        "{%s,\"visit_id\":null,\"user_id\":\"no\",\"page\":null,\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\"}",
        "{\"a\":{},\"b\":[],\"c\":[ 1 , -0.50, [true,{ \"d\" : false }],null],%s,"
            + "\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\",\"e\":{\"visit_id\":7,\"page\":\"q\"}}"
      })
  void readsVisitFromPlainJson(String json) throws RejectedVisitException {
    assertEquals(VISIT, PlainJson.parse(json.formatted(TIME).getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"visit_id\":\"v\",%s,\"page\":\"caf\u00e9\"}",
        "{\"visit_id\":\"v\",%s,\"page\":\"a\\u0062\"}",
        "{\"visit_id\":7,%s}",
        "\ufeff{\"visit_id\":\"v\",%s}",
        "{\"visit_id\":\"v\",%s,\"a\":1e3}",
        "{\"visit_id\":\"v\",%s,\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
      })
  void leavesOtherVisitsToJsonParser(String json) throws RejectedVisitException {
    byte[] bytes = json.formatted(TIME).getBytes(UTF_8);
    assertNull(PlainJson.parse(bytes));
    assertEquals(VisitJson.parseAny(bytes), VisitJson.parse(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "{\"visit_id\":\" \",%s}",
        "{\"visit_id\":\"v\",%s}}",
        "{\"visit_id\":\"v\",%s,}",
        "{\"visit_id\":\"v\" %s}",
        "{\"visit_id\":\"v\",%s,\"a\":01}",
        "{\"visit_id\":\"v\",%s,\"a\":1.}",
        "{\"visit_id\":\"v\",%s,\"a\":-}",
        "{\"visit_id\":\"v\",%s,\"a\":nul}",
        "{\"visit_id\":\"v\",%s,\"a\":trueish}",
        "{\"visit_id\":\"v\",%s,\"a\":[1,]}",
        "{\"visit_id\":\"v\",%s,\"a\":{\"b\"}}",
        "{\"visit_id\":\"v\",%s,\"a\":\"\t\"}",
        "{\"visit_id\":\"v\",%s,\"a\":\"",
        "{\"visit_id\":\"v\",%s,\"a\":\u0000}",
      })
  void leavesMalformedVisitsToJsonParser(String json) throws RejectedVisitException {
    byte[] bytes = json.formatted(TIME).getBytes(UTF_8);
    assertNull(PlainJson.parse(bytes));
    assertThrows(RejectedVisitException.class, () -> VisitJson.parse(bytes));
  }

  @Test
  void rejectsInvalidEventTimeLikeJsonParser() {
    byte[] json = "{\"visit_id\":\"v\",\"event_time\":\"noon\"}".getBytes(UTF_8);
    RejectedVisitException plain =
        assertThrows(RejectedVisitException.class, () -> PlainJson.parse(json));
    assertEquals(Reason.BAD_EVENT_TIME, plain.reason());
    assertEquals(
        assertThrows(RejectedVisitException.class, () -> VisitJson.parseAny(json)).getMessage(),
        plain.getMessage());
  }
}
