package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.OddRecords;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JSON Schemas in docs agree with what the job reads and writes. */
class JsonSchemaTest {
  /** Reads whatever {@link VisitJson} reads. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(2 * VisitFormat.MAX_NESTING)
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final JsonNode VISIT = read("visit.schema.json");
  private static final JsonNode SESSION = read("session.schema.json");
  private static final Schema OF_VISIT = SCHEMAS.getSchema(VISIT);
  private static final Schema OF_SESSION = SCHEMAS.getSchema(SESSION);

  private static final VisitParser AT_NOON =
      new VisitParser(
          1 << 20,
          Duration.ofHours(1),
          Clock.fixed(Instant.parse("2024-01-01T12:00:00Z"), ZoneOffset.UTC));

  /** A rule of the job that a JSON Schema cannot express, in the order of the page's table. */
  private enum RuleBeyondSchema {
    DAY_OF_MONTH(Reason.BAD_EVENT_TIME, visit("2024-02-30T00:00:00Z", "\"p\"")),
    FUTURE(Reason.FUTURE_EVENT_TIME, visit("2024-01-01T13:00:00.001Z", "\"p\"")),
    RECORD_BYTES(Reason.TOO_LARGE, visit("2024-01-01T00:00:00Z", "\"p\"") + " ".repeat(1 << 20)),
    NESTING(
        Reason.TOO_LARGE,
        visit("2024-01-01T00:00:00Z", "null,\"x\":" + "[".repeat(500) + "]".repeat(500))),
    NUMBER_LENGTH(Reason.TOO_LARGE, visit("2024-01-01T00:00:00Z", "1".repeat(4097))),
    CODE_UNITS(Reason.TOO_LARGE, visit("2024-01-01T00:00:00Z", "\"" + "😀".repeat(2049) + "\"")),
    SURROGATES(Reason.NOT_JSON, visit("2024-01-01T00:00:00Z", "\"\\ud83d\""));

    private final Reason reason;
    private final String example;

    RuleBeyondSchema(Reason reason, String example) {
      this.reason = reason;
      this.example = example;
    }

    private static String visit(String eventTime, String page) {
      return "{\"visit_id\":\"v\",\"event_time\":\"%s\",\"page\":%s}".formatted(eventTime, page);
    }

    /** Returns the rules of {@link VisitJson} that reject an object which is valid. */
    static Set<RuleBeyondSchema> rejecting(JsonNode visit) {
      Set<RuleBeyondSchema> rules = EnumSet.noneOf(RuleBeyondSchema.class);
      if (!isDay(visit.path(VisitFormat.EVENT_TIME).asText().substring(0, 10))) {
        rules.add(DAY_OF_MONTH);
      }
      if (levels(visit) > VisitFormat.MAX_NESTING) {
        rules.add(NESTING);
      }
      for (String name : List.of(VisitFormat.VISIT_ID, VisitFormat.USER_ID, VisitFormat.PAGE)) {
        JsonNode field = visit.path(name);
        if (field.asText().length() > VisitFormat.MAX_TEXT_CHARACTERS) {
          rules.add(field.isNumber() ? NUMBER_LENGTH : CODE_UNITS);
        }
        if (!UTF_8.newEncoder().canEncode(field.asText())) {
          rules.add(SURROGATES);
        }
      }
      return rules;
    }

    private static int levels(JsonNode json) {
      int inside = 0;
      for (JsonNode child : json) {
        inside = Math.max(inside, levels(child));
      }
      return json.isContainerNode() ? 1 + inside : 0;
    }

    private static boolean isDay(String date) {
      try {
        LocalDate.parse(date);
        return true;
      } catch (DateTimeException e) {
        return false;
      }
    }
  }

  @Test
  void schemasAndTheirExamplesAreValid() {
    Schema ofSchemas =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    for (JsonNode schema : List.of(VISIT, SESSION)) {
      assertEquals(List.of(), ofSchemas.validate(schema));
      assertExamplesAreValid(schema);
      schema.path("properties").forEach(JsonSchemaTest::assertExamplesAreValid);
    }
  }

  private static void assertExamplesAreValid(JsonNode schema) {
    assertFalse(schema.path("title").asText().isEmpty(), schema::toString);
    assertFalse(schema.path("description").asText().isEmpty(), schema::toString);
    for (JsonNode example : schema.path("examples")) {
      assertEquals(List.of(), SCHEMAS.getSchema(schema).validate(example));
    }
  }

  @Test
  void visitSchemaHasFieldsAndLimits() {
    assertEquals(
        List.of(
            VisitFormat.VISIT_ID, VisitFormat.EVENT_TIME, VisitFormat.USER_ID, VisitFormat.PAGE),
        names(VISIT.path("properties")));
    assertEquals(
        Set.of(VisitFormat.MAX_TEXT_CHARACTERS),
        VISIT.findValues("maxLength").stream().map(JsonNode::asInt).collect(toSet()));
  }

  @Property(tries = 5000)
  void visitSchemaAgreesWithJob(@ForAll("visits") String visit) {
    assertAgreement(visit.getBytes(UTF_8));
  }

  @Test
  void visitSchemaAgreesOnGeneratedTraffic() {
    Traffic traffic =
        new Traffic(
            5_000, 50, Instant.parse("2024-01-01T00:00:00Z"), 1, new TrafficMix(5, 5, 5, 20));
    Set<Boolean> decisions = new HashSet<>();
    for (VisitGenerator all = new VisitGenerator(traffic); all.hasNext(); ) {
      decisions.add(assertAgreement(all.next().value()));
    }
    assertEquals(Set.of(true, false), decisions);
  }

  @Test
  void visitSchemaAgreesOnOddRecords() {
    OddRecords.all().stream()
        .filter(record -> !new String(record.value(), UTF_8).startsWith("\0"))
        .forEach(record -> assertAgreement(record.value()));
  }

  @ParameterizedTest
  @EnumSource(RuleBeyondSchema.class)
  void schemaCannotExpressRule(RuleBeyondSchema rule) throws Exception {
    assertEquals(List.of(), OF_VISIT.validate(MAPPER.readTree(rule.example)));
    Rejection rejection = (Rejection) AT_NOON.parse(rule.example.getBytes(UTF_8));
    assertEquals(rule.reason, rejection.reason(), rejection.message());
  }

  @Test
  void pageListsRulesBeyondSchema() throws Exception {
    assertEquals(
        Stream.of(RuleBeyondSchema.values()).map(rule -> "`" + rule.reason + "`").toList(),
        Page.of(Path.of("docs", "formats.md")).table("JSON Schema", "a schema accepts").stream()
            .map(row -> row.get(1))
            .toList());
  }

  @Test
  void sessionSchemaHasFieldsInOrder() throws Exception {
    JsonNode all =
        MAPPER.readTree(
            withAttributes("n=count()").write(new Session("v", List.of(page("p", "u")))));
    JsonNode required = written(new VisitedPage(0, null, null));
    JsonNode visitedPage = SESSION.at("/properties/visited_pages/items");
    assertEquals(names(all), names(SESSION.path("properties")));
    assertEquals(names(required), texts(SESSION.path("required")));
    assertEquals(names(all.at("/visited_pages/0")), names(visitedPage.path("properties")));
    assertEquals(names(required.at("/visited_pages/0")), texts(visitedPage.path("required")));
  }

  private static SessionJson withAttributes(String... attributes) throws SyntaxException {
    List<AttributeDefinition> definitions = new ArrayList<>();
    for (String attribute : attributes) {
      definitions.add(AttributeDefinition.parse(attribute));
    }
    return new SessionJson(
        ZoneOffset.UTC, SessionAttributes.of(definitions, SkippedValues.UNCOUNTED));
  }

  private static VisitedPage page(String page, String user) {
    return new VisitedPage(0, page, user);
  }

  @Property
  void writtenAttributesAreValid(@ForAll("sessions") Session session) throws Exception {
    byte[] written =
        withAttributes(
                "a=first(page)",
                "b=distinct(user_id)",
                "c=distinct(event_time)",
                "d=count() = 1",
                "e=sum(page)",
                "f=any(page = \"a\")")
            .write(session);
    assertEquals(
        List.of(), OF_SESSION.validate(MAPPER.readTree(written)), () -> new String(written, UTF_8));
  }

  private static JsonNode written(VisitedPage page) throws IOException {
    return MAPPER.readTree(new SessionJson(ZoneOffset.UTC).write(new Session("v", List.of(page))));
  }

  @Property
  void writtenSessionsAreValid(
      @ForAll("sessions") Session session, @ForAll("timeZones") ZoneId timeZone)
      throws IOException {
    byte[] written = new SessionJson(timeZone).write(session);
    assertEquals(
        List.of(), OF_SESSION.validate(MAPPER.readTree(written)), () -> new String(written, UTF_8));
  }

  /** Checks that schema and job agree about a value, and returns whether the job accepts it. */
  private static boolean assertAgreement(byte[] value) {
    boolean isAccepted = isAccepted(value);
    JsonNode json = tree(value);
    boolean isValid = json != null && OF_VISIT.validate(json).isEmpty();
    boolean isExcepted =
        isValid
            && !isAccepted
            && !RuleBeyondSchema.rejecting(Objects.requireNonNull(json)).isEmpty();
    assertTrue(
        isAccepted == isValid || isExcepted,
        () -> "valid: " + isValid + ", accepted: " + isAccepted + ": " + new String(value, UTF_8));
    return isAccepted;
  }

  private static boolean isAccepted(byte[] value) {
    try {
      VisitJson.parse(value);
      return true;
    } catch (RejectedVisitException e) {
      return false;
    }
  }

  /** Returns what a validator sees: the object, without a byte order mark; null if it is none. */
  private static @Nullable JsonNode tree(byte[] value) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      JsonNode json = MAPPER.readTree(text.startsWith("\ufeff") ? text.substring(1) : text);
      return json.isMissingNode() ? null : json;
    } catch (IOException e) {
      return null;
    }
  }

  @Provide
  Arbitrary<String> visits() {
    return Combinators.combine(
            field(VisitFormat.VISIT_ID, usually("\"v\"")),
            field(VisitFormat.EVENT_TIME, mutatedTimes()),
            field(VisitFormat.USER_ID, usually("null")),
            field(VisitFormat.PAGE, usually("\"p\"")),
            field("Page", values()))
        .as(
            (visitId, eventTime, userId, page, other) ->
                Stream.of(other, page, userId, eventTime, visitId)
                    .filter(field -> !field.isEmpty())
                    .collect(joining(",", "{", "}")));
  }

  /** A field, or none. */
  private static Arbitrary<String> field(String name, Arbitrary<String> value) {
    return value
        .map(json -> "\"" + name + "\":" + json)
        .optional(0.95)
        .map(field -> field.orElse(""));
  }

  private static Arbitrary<String> usually(String json) {
    return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(json)), Tuple.of(1, values()));
  }

  private static Arbitrary<String> values() {
    Arbitrary<String> shortValues =
        Arbitraries.of(
            ("null true false [] {} 0 -1.50 1e5 [1] {\"a\":1} \"\" \"v\" \"😀\" \"\\t\" \"\\u0000\" \"\\u001c\""
                    + " \"\\u0085\" \"\\u00a0\" \"\\u1680x\" \"\\u180e\" \"\\u2003\" \"\\u2007\" \"\\u202f\""
                    + " \"\\u3000\" \"\\ud800\"")
                .split(" "));
    Arbitrary<String> longValues =
        Combinators.combine(Arbitraries.of("x", "😀", "1"), Arbitraries.of(2048, 2049, 4096, 4097))
            .as(
                (character, length) ->
                    character.equals("1")
                        ? character.repeat(length)
                        : "\"" + character.repeat(length) + "\"");
    return Arbitraries.frequencyOf(
        Tuple.of(4, shortValues), Tuple.of(1, longValues), Tuple.of(1, mutatedTimes()));
  }

  /** Event times with at most one character replaced, removed or added. */
  private static Arbitrary<String> mutatedTimes() {
    Arbitrary<String> times =
        Arbitraries.of(
            "2024-01-01T00:18:00Z",
            "2024-02-29 23:59:59.999+0530",
            "1999-12-31t23:59z",
            "2023-02-28T00:00:00,123456789-18:00",
            "2024-01-01T00:18+05",
            "0001-10-30T09:08:07",
            "2024-06-30T19:20:59.1+17:59");
    return Combinators.combine(
            times,
            Arbitraries.integers().between(0, 36),
            Arbitraries.integers().between(0, 3),
            Arbitraries.strings().withChars("0123456789:-+TtZz ., /").ofLength(1))
        .as(
            (time, position, kind, character) -> {
              int from = Math.min(position, time.length());
              int behind = Math.min(from + 1, time.length());
              String with = position % 12 == 0 ? "\\n" : character;
              return "\""
                  + switch (kind) {
                    case 0 -> time;
                    case 1 -> time.substring(0, from) + with + time.substring(behind);
                    case 2 -> time.substring(0, from) + time.substring(behind);
                    default -> time.substring(0, from) + with + time.substring(from);
                  }
                  + "\"";
            });
  }

  @Provide
  Arbitrary<Session> sessions() {
    Arbitrary<VisitedPage> pages =
        Combinators.combine(
                Arbitraries.longs()
                    .between(
                        Instant.parse("0000-01-01T00:00:00Z").toEpochMilli(),
                        Instant.parse("9999-12-31T23:59:59Z").toEpochMilli()),
                texts().injectNull(0.2),
                texts().injectNull(0.2))
            .as(VisitedPage::new);
    return Combinators.combine(
            texts().filter(text -> !text.isEmpty()), pages.list().ofMinSize(1).ofMaxSize(5))
        .as((visitId, visited) -> new Session(visitId, visited));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().ofMaxLength(20).filter(text -> UTF_8.newEncoder().canEncode(text));
  }

  @Provide
  Arbitrary<ZoneId> timeZones() {
    return Arbitraries.of("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "-18:00")
        .map(ZoneId::of);
  }

  /** Returns the names of the fields of an object, in their order. */
  static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Returns the texts of an array. */
  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static JsonNode read(String name) {
    try {
      return MAPPER.readTree(Files.readString(Path.of("docs", name)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
