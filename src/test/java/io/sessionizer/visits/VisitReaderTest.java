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
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much is read in place; {@link AnyJsonTest} shows that it is right. */
class VisitReaderTest {
  private static final String TIME = "\"event_time\":\"2024-01-01T00:18:00Z\"";
  private static final long MILLIS = 1_704_068_280_000L;
  private static final Visit VISIT = new Visit("v", MILLIS, "u", "p");

  /** Reads a visit in place; null if that leaves it to the JSON parser. */
  private static @Nullable Visit readPlain(VisitFields fields, byte[] json)
      throws RejectedVisitException {
    boolean[] isPlain = new boolean[1];
    VisitReader reader =
        new VisitReader(
            fields,
            (tree, found) -> {
              FieldScanner inPlace = new FieldScanner(tree, found);
              return (bytes, from, to) -> {
                found.startRecord(bytes);
                isPlain[0] = inPlace.scan(bytes, from, to);
              };
            });
    try {
      reader.read(json, 0, json.length, null);
      return isPlain[0] ? reader.visit() : null;
    } catch (RejectedVisitException e) {
      if (isPlain[0]) {
        throw e;
      }
      return null;
    }
  }

  private static @Nullable Visit readPlain(String json) throws RejectedVisitException {
    return readPlain(VisitFields.DEFAULT, json.formatted(TIME).getBytes(UTF_8));
  }

  private static Visit readByParser(VisitFields fields, byte[] json) throws RejectedVisitException {
    VisitReader reader = new VisitReader(fields, ParsedJsonScanner::new);
    reader.read(json, 0, json.length, null);
    return reader.visit();
  }

  @Test
  void readsUpstreamVisitsInPlace() throws RejectedVisitException {
    VisitGenerator generator =
        new VisitGenerator(
            new Traffic(
                1_000, 100, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
    while (generator.hasNext()) {
      byte[] json = generator.next().value();
      assertEquals(readByParser(VisitFields.DEFAULT, json), readPlain(VisitFields.DEFAULT, json));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\",%s}",
        " {\t\"page\" : \"p\" ,\n %s,\r\"visit_id\": \"v\", \"user_id\" :\"u\" } \n",
        "{%s,\"visit_id\":null,\"user_id\":\"no\",\"page\":null,\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\"}",
        "{\"a\":{},\"b\":[],\"c\":[ 1 , -0.50, [true,{ \"d\" : false }],null],%s,"
            + "\"visit_id\":\"v\",\"user_id\":\"u\",\"page\":\"p\",\"e\":{\"visit_id\":7,\"page\":\"q\"}}",
        "{\"visit_id\":true,\"page\":[{}],\"visit_id\":\"v\",%s,\"user_id\":\"u\",\"page\":\"p\"}",
        "{\"visit_id\":\"\\u0061\",\"visit_id\":\"v\",%s,\"user_id\":\"u\",\"page\":\"p\",\"a\":0.1E+10}",
        "{\"visit_id\":\"v\",%s,\"user_id\":\"u\",\"page\":\"p\",\"a\":\"\\\"\\\\\\/\\b\\ud800 caf\u00e9\"}",
        "{\"visit_id\":\"v\",%s,\"user_id\":\"u\",\"page\":\"p\",\"a\":"
            + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
      })
  void readsPlainVisitInPlace(String json) throws RejectedVisitException {
    assertEquals(VISIT, readPlain(json));
  }

  @Test
  void readsCharactersBeyondAsciiInPlace() throws RejectedVisitException {
    assertEquals(
        new Visit("a\u00e9\u20ac\ud83d\ude00", MILLIS, "\u2003", "\ufffd"),
        readPlain(
            "{\"visit_id\":\"a\u00e9\u20ac\ud83d\ude00\",%s,\"user_id\":\"\u2003\",\"page\":\"\ufffd\"}"));
  }

  @Test
  void readsNumbersAsTheirTextInPlace() throws RejectedVisitException {
    assertEquals(
        new Visit("-0", MILLIS, "1.50e+3", "7"),
        readPlain("{\"visit_id\":-0,%s,\"user_id\":1.50e+3,\"page\":7}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"visit\\u005fid\":\"v\",%s}",
        "\ufeff{\"visit_id\":\"v\",%s}",
      })
  void leavesOtherVisitsToJsonParser(String json) throws RejectedVisitException {
    assertNull(readPlain(json));
    byte[] bytes = json.formatted(TIME).getBytes(UTF_8);
    assertEquals(readByParser(VisitFields.DEFAULT, bytes), VisitJson.parse(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"visit_id\":\"v\",%s}}",
        "{\"visit_id\":\"v\",%s,}",
        "{\"visit_id\":\"v\" %s}",
        "{\"visit_id\":\"v\",%s,\"a\":01}",
        "{\"visit_id\":\"v\",%s,\"a\":1.}",
        "{\"visit_id\":\"v\",%s,\"a\":1e}",
        "{\"visit_id\":\"v\",%s,\"a\":-}",
        "{\"visit_id\":\"v\",%s,\"a\":nul}",
        "{\"visit_id\":\"v\",%s,\"a\":fals}",
        "{\"visit_id\":\"v\",%s,\"a\":trueish}",
        "{\"visit_id\":\"v\",%s,\"a\":[1,]}",
        "{\"visit_id\":\"v\",%s,\"a\":[1}}",
        "{\"visit_id\":\"v\",%s,\"a\":{\"b\"}}",
        "{\"visit_id\":\"v\",%s,\"a\":{1:2}}",
        "{\"visit_id\":\"v\",%s,\"a\":\"\t\"}",
        "{\"visit_id\":\"v\",%s,\"a\":\"\\x\"}",
        "{\"visit_id\":\"v\",%s,\"a\":\"\\u00g0\"}",
        "{\"visit_id\":\"v\",%s,\"a\":\"",
        "{\"visit_id\":\"v\",%s,\"a\":\u0000}",
      })
  void leavesMalformedVisitsToJsonParser(String json) throws RejectedVisitException {
    assertNull(readPlain(json));
    byte[] bytes = json.formatted(TIME).getBytes(UTF_8);
    assertThrows(RejectedVisitException.class, () -> VisitJson.parse(bytes));
  }

  @Test
  void decodesEscapesOfFieldsInPlace() throws RejectedVisitException {
    assertEquals(
        new Visit("a/\"\\\b\f\n\r\t", MILLIS, "A\u00e9\u20ac\ud83d\ude00z", "\u00e9\u0001"),
        readPlain(
            "{\"visit_id\":\"a\\/\\\"\\\\\\b\\f\\n\\r\\t\",%s,"
                + "\"user_id\":\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00z\",\"page\":\"\u00e9\\u0001\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"visit_id\":\" \",%s}",
        "{\"visit_id\":\"\u2003\",%s}",
        "{\"visit_id\":\"\\t\",%s}",
        "{\"visit_id\":\"\\ud83d\",%s}",
        "{\"visit_id\":true,%s}",
        "{\"visit_id\":\"v\",\"event_time\":\"noon\"}",
      })
  void rejectsOtherRecordsInPlace(String json) {
    byte[] bytes = json.formatted(TIME).getBytes(UTF_8);
    RejectedVisitException rejected =
        assertThrows(RejectedVisitException.class, () -> readPlain(VisitFields.DEFAULT, bytes));
    RejectedVisitException same =
        assertThrows(RejectedVisitException.class, () -> readByParser(VisitFields.DEFAULT, bytes));
    assertEquals(same.getMessage(), rejected.getMessage());
    assertEquals(same.reason(), rejected.reason());
  }

  @Nested
  class WithPointers {
    private static final VisitFields FIELDS =
        NamedFields.of("/context/visit", "/context/0/time", "/context/user/a~1b~0", "page");
    private static final String CONTEXT =
        "\"context\":{\"visit\":\"v\",\"0\":{\"time\":\"2024-01-01T00:18:00Z\"},"
            + "\"user\":{\"a/b~\":\"u\",\"visit\":\"no\"},\"page\":\"no\"}";

    private Visit read(String json) throws RejectedVisitException {
      byte[] bytes = json.getBytes(UTF_8);
      assertEquals(readByParser(FIELDS, bytes), readPlain(FIELDS, bytes));
      VisitReader reader = new VisitReader(FIELDS);
      reader.read(bytes, 0, bytes.length, null);
      return reader.visit();
    }

    private RejectedVisitException rejection(VisitFields fields, String json) {
      byte[] bytes = json.getBytes(UTF_8);
      return assertThrows(
          RejectedVisitException.class,
          () -> new VisitReader(fields).read(bytes, 0, bytes.length, null));
    }

    @Test
    void readsMembersOfMembers() throws RejectedVisitException {
      assertEquals(VISIT, read("{" + CONTEXT + ",\"visit\":\"no\",\"page\":\"p\"}"));
    }

    @Test
    void readsElementsOfArrays() throws RejectedVisitException {
      VisitFields fields = NamedFields.of("/ids/1", "/ids/0/time", "/ids/2/1", "/ids/10");
      byte[] json =
          "{\"ids\":[{\"time\":\"2024-01-01T00:18:00Z\"},\"v\",[0,\"u\"],3,4,5,6,7,8,9,\"p\",\"q\"]}"
              .getBytes(UTF_8);
      assertEquals(VISIT, readPlain(fields, json));
      assertEquals(VISIT, readByParser(fields, json));
    }

    @Test
    void oneMemberMayBeTwoFields() throws RejectedVisitException {
      VisitFields fields = NamedFields.of("id", "event_time", "id", "/id");
      byte[] json = "{\"id\":\"v\",%s}".formatted(TIME).getBytes(UTF_8);
      assertEquals(new Visit("v", MILLIS, "v", "v"), readPlain(fields, json));
      assertEquals(new Visit("v", MILLIS, "v", "v"), readByParser(fields, json));
    }

    @Test
    void lastRepeatedObjectCountsAsWhole() throws RejectedVisitException {
      assertEquals(
          new Visit("v", MILLIS, "u", null),
          read("{\"context\":{\"visit\":\"old\",\"user\":{\"a/b~\":\"old\"}}," + CONTEXT + "}"));
      assertEquals(
          "/context/visit is missing or null",
          rejection(FIELDS, "{" + CONTEXT + ",\"context\":{\"user\":1}}").getMessage());
    }

    @Test
    void otherTypesOnTheWayAreMissing() {
      assertEquals(
          Reason.MISSING_VISIT_ID, rejection(FIELDS, "{\"context\":[\"visit\",\"v\"]}").reason());
      assertEquals(Reason.MISSING_VISIT_ID, rejection(FIELDS, "{\"context\":\"visit\"}").reason());
    }

    @Test
    void fieldMayBeWithinAnother() throws RejectedVisitException {
      VisitFields fields = NamedFields.of("/a/id", "event_time", "a", "page");
      assertEquals(
          "a must be a text or a number, not an object",
          rejection(fields, "{\"a\":{\"id\":\"v\"},%s}".formatted(TIME)).getMessage());
      byte[] json = "{\"a\":{\"id\":\"v\"},\"a\":\"u\",%s}".formatted(TIME).getBytes(UTF_8);
      RejectedVisitException rejected =
          assertThrows(RejectedVisitException.class, () -> readPlain(fields, json));
      assertEquals(Reason.MISSING_VISIT_ID, rejected.reason(), "it is gone with the object");
    }
  }
}
