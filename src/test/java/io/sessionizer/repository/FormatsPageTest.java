package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.admin.RecordJson;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The examples and tables of docs/formats.md are what the code reads and writes. */
class FormatsPageTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final SessionJson SESSION_JSON = new SessionJson(ZoneOffset.UTC);
  private static final SourcePosition SOURCE = new SourcePosition("visits", 0, 3);
  private static final long MIDNIGHT = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  private final Page page = Page.of(Path.of("docs", "formats.md"));

  FormatsPageTest() throws IOException {}

  @Test
  void visitsFormSession() throws Exception {
    List<Visit> visits = new ArrayList<>();
    JsonNode session = MAPPER.nullNode();
    for (String block : page.code("json")) {
      JsonNode json = MAPPER.readTree(block);
      if (json.has("event_time")) {
        visits.add(VisitJson.parse(block.getBytes(UTF_8)));
      } else if (json.has("visited_pages")) {
        session = json;
      }
    }
    assertEquals(3, visits.size());
    assertEquals(
        List.of(session.toString()),
        ModelSessionizer.sessions(visits, Duration.ofMinutes(16)).stream()
            .map(formed -> new String(SESSION_JSON.write(formed), UTF_8))
            .toList());
  }

  @Test
  void recordsAreThoseOfTail() {
    Session session =
        new Session("v1", List.of(page(0, "index"), page(9, "home"), page(21, "contact")));
    Visit late = new Visit("v1", page(50, "index").eventTimeMillis(), "kim", "index");
    byte[] malformed = "{\"visit_id\":\"v1\",\"event_time\":\"yesterday\"}".getBytes(UTF_8);
    Rejection rejection =
        (Rejection) new VisitParser(1 << 20, Duration.ZERO, Clock.systemUTC()).parse(malformed);
    DeadLetter letter =
        new DeadLetter(
            new Provenance(SOURCE, 1_704_068_400_000L),
            "v1".getBytes(UTF_8),
            malformed,
            rejection.reason(),
            rejection.message());
    assertEquals(
        List.of(
            tail(
                1,
                7,
                new Tombstone(
                        SessionId.parse("v1@1704069000000"), 2, SessionId.parse("v1@1704067200000"))
                    .write(SESSION_JSON)),
            tail(
                0,
                0,
                new LateVisitRecord(
                        "v1",
                        VisitJson.write(late),
                        Duration.ofMinutes(69).toMillis(),
                        new SourcePosition("visits", 0, 6))
                    .write()),
            tail(0, 0, DeadLetterRecord.of(letter, Integer.MAX_VALUE).write()),
            tail(
                1,
                0,
                new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY).write(SESSION_JSON))),
        page.code("json").stream().filter(block -> block.startsWith("{\"partition\"")).toList());
  }

  @Test
  void tablesListEveryField() throws Exception {
    JsonNode visit = MAPPER.readTree(Files.readString(Path.of("docs/visit.schema.json")));
    assertEquals(JsonSchemaTest.names(visit.path("properties")), firstColumn("Visits", "field"));
    assertRequired(visit, page.table("Visits", "field"));

    JsonNode session = MAPPER.readTree(Files.readString(Path.of("docs/session.schema.json")));
    JsonNode visitedPage = session.at("/properties/visited_pages/items");
    List<String> fields = new ArrayList<>(JsonSchemaTest.names(session.path("properties")));
    fields.addAll(
        fields.indexOf("visited_pages") + 1,
        JsonSchemaTest.names(visitedPage.path("properties")).stream()
            .map(name -> "visited_pages[]." + name)
            .toList());
    assertEquals(fields, firstColumn("Sessions", "field"));
    List<List<String>> rows = page.table("Sessions", "field");
    assertRequired(session, rows.stream().filter(row -> !row.get(0).contains("[]")).toList());
    assertRequired(visitedPage, rows.stream().filter(row -> row.get(0).contains("[]")).toList());
  }

  private static void assertRequired(JsonNode schema, List<List<String>> rows) {
    assertEquals(
        JsonSchemaTest.texts(schema.path("required")),
        rows.stream()
            .filter(row -> row.get(2).equals("yes"))
            .map(row -> Page.codesIn(row.get(0)).get(0).replaceFirst(".*\\.", ""))
            .toList());
  }

  @Test
  void tablesListEveryHeader() {
    Session session = new Session("v", List.of(page(0, "p")));
    assertEquals(
        headers(
            new Upsert(session, 1, Timing.LATE, EndReason.MAX_PAGES)
                .write(SESSION_JSON)
                .with(RecordHeaders.RUN, "r")),
        firstColumn("Sessions", "header"));
    assertEquals(
        headers(
            new Tombstone(session.id(), 1, session.id())
                .write(SESSION_JSON)
                .with(RecordHeaders.RUN, "r")),
        firstColumn("Tombstones", "header"));
    assertEquals(
        headers(
            new LateVisitRecord(new TopicRecord(null, new byte[0], List.of()), 1L, 1, SOURCE)
                .write()),
        firstColumn("Late visits", "header"));
    DeadLetter letter =
        new DeadLetter(
            new Provenance(SOURCE, 0),
            List.of(new TopicRecord.Header("own", null)),
            new byte[2],
            new byte[2],
            Reason.NOT_JSON,
            "message");
    assertEquals(
        headers(DeadLetterRecord.of(letter, 1).write()), firstColumn("Dead letters", "header"));

    List<List<String>> rows = page.table("Sessions", "header");
    assertEquals(
        Arrays.stream(Timing.values()).map(Timing::headerValue).toList(),
        Page.codesIn(rows.get(1).get(1)));
    assertEquals(
        Stream.of(
                EndReason.INACTIVITY,
                EndReason.MAX_DURATION,
                EndReason.MAX_PAGES,
                EndReason.MAX_BYTES,
                EndReason.MIDNIGHT,
                EndReason.changed("FIELD"),
                EndReason.ended("FIELD", "VALUE"))
            .map(EndReason::headerValue)
            .toList(),
        Page.codesIn(rows.get(2).get(1)));
  }

  @Test
  void tableListsEveryReason() {
    assertEquals(
        Arrays.stream(Reason.values()).map(Reason::name).toList(),
        firstColumn("Rejected records", "`error.reason`"));
  }

  @Test
  void eventTimesAreOneInstant() throws Exception {
    List<String> times =
        page.table("Event times", "part").stream()
            .flatMap(row -> Page.codesIn(row.get(2)).stream())
            .toList();
    assertTrue(times.size() > 8, times::toString);
    for (String time : times) {
      String visit = "{\"visit_id\":\"v\",\"event_time\":\"%s\"}".formatted(time);
      assertEquals(
          page(18, "p").eventTimeMillis(),
          VisitJson.parse(visit.getBytes(UTF_8)).eventTimeMillis(),
          time);
    }
  }

  private List<String> firstColumn(String heading, String header) {
    return page.table(heading, header).stream().map(row -> row.get(0).replace("`", "")).toList();
  }

  private static List<String> headers(TopicRecord record) {
    return record.headers().stream().map(TopicRecord.Header::name).toList();
  }

  /** What {@code tail} prints into a pipe. */
  private static String tail(int partition, long offset, TopicRecord written) {
    ProducerRecord<byte[], byte[]> produced = RecordMapping.toProduce("topic", written);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("topic", partition, offset, produced.key(), produced.value());
    produced.headers().forEach(record.headers()::add);
    return RecordJson.of(record).toString();
  }

  private static VisitedPage page(long minutes, String page) {
    return new VisitedPage(MIDNIGHT + Duration.ofMinutes(minutes).toMillis(), page, "kim");
  }
}
