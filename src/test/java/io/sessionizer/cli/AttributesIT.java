package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.SessionizationJob;
import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions have their attributes: on files and topics, runners and engines, and when corrected. */
class AttributesIT {
  private static final int EVENTS = 300;
  private static final String[] ATTRIBUTES = {
    "--attribute=entry=first(page)",
    "--attribute=exit=last(page)",
    "--attribute=devices=distinct(/context/device)",
    "--attribute=revenue=sum(/value)",
    "--attribute=bought=any(/event = \"buy\")",
    "--attribute=bounce=count() = 1"
  };

  @TempDir private Path folder;

  private final List<String> events = events(new Random(5));

  /** Events of some visitors; several are at one time, and differ in their fields only. */
  private static List<String> events(Random random) {
    List<String> events = new ArrayList<>();
    long start = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    for (int i = 0; i < EVENTS; i++) {
      long time = start + 60_000L * random.nextInt(600);
      events.add(
          "{\"visit_id\":\"v%s\",\"event_time\":\"%s\"%s%s%s%s}"
              .formatted(
                  random.nextInt(20),
                  Instant.ofEpochMilli(time),
                  random.nextInt(5) == 0 ? "" : ",\"page\":\"p" + random.nextInt(3) + "\"",
                  random.nextInt(3) == 0 ? "" : ",\"value\":\"" + random.nextInt(9) + ".50\"",
                  random.nextInt(4) == 0 ? ",\"event\":\"buy\"" : "",
                  random.nextInt(3) == 0
                      ? ""
                      : ",\"context\":{\"device\":\"d" + random.nextInt(4) + "\"}"));
    }
    return events;
  }

  /** Returns the JSON of the sessions that the model forms, by session id. */
  private SortedMap<String, String> model() throws Exception {
    Settings settings = Flags.parse(ATTRIBUTES).settings();
    VisitParser parser =
        new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
    List<Visit> visits =
        events.stream().map(event -> (Visit) parser.parse(event.getBytes(UTF_8))).toList();
    SessionJson json =
        new SessionJson(
            settings.timeZone(),
            SessionAttributes.of(settings.attributes(), SkippedValues.UNCOUNTED));
    SortedMap<String, String> sessions = new TreeMap<>();
    for (Session session : ModelSessionizer.sessions(visits, settings.policy().gap())) {
      sessions.put(session.id().toString(), new String(json.write(session), UTF_8));
    }
    return sessions;
  }

  private String[] flags(String... more) {
    return Stream.concat(Stream.of(ATTRIBUTES), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] command(String name, String... flags) {
    return Stream.concat(Stream.of(name), Stream.of(flags)).toArray(String[]::new);
  }

  private Path write() throws Exception {
    Collections.shuffle(events, new Random(1));
    return Files.write(folder.resolve("events.jsonl"), events, UTF_8);
  }

  @Test
  void filesHaveAttributes() throws Exception {
    Path out = folder.resolve("out");
    String input = "--input=" + write();
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(flags(input, "--output=" + out)));
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("sessions-")) {
          lines.addAll(Files.readAllLines(file, UTF_8));
        }
      }
    }
    assertEquals(model().values().stream().sorted().toList(), lines.stream().sorted().toList());
    assertEquals(
        0, Sessionizer.commandLine().execute(command("verify", flags(input, "--sessions=" + out))));
  }

  @Test
  void parquetHasAttributes() throws Exception {
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            flags("--input=" + write(), "--output=" + out, "--outputFormat=parquet")));
    SortedMap<String, String> attributes = new TreeMap<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT session_id, attributes FROM '%s/sessions-*.parquet'".formatted(out))) {
      while (rows.next()) {
        attributes.put(rows.getString(1), rows.getString(2));
      }
    }
    SortedMap<String, String> expected = model();
    expected.replaceAll(
        (id, json) -> json.substring(json.indexOf("\"attributes\":") + 13, json.length() - 1));
    assertEquals(expected, attributes);
  }

  @ParameterizedTest
  @CsvSource({"direct,stateful", "direct,windows", "flink,stateful", "flink,windows"})
  void topicsHaveAttributes(String runner, String engine) throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    events.sort(Comparator.comparing(event -> event.substring(event.indexOf("event_time"))));
    for (int partition = 0; partition < 2; partition++) {
      List<byte[]> values = new ArrayList<>();
      for (int i = partition; i < events.size(); i += 2) {
        values.add(events.get(i).getBytes(UTF_8));
      }
      kafka.writeVisits(partition, values.toArray(byte[][]::new));
    }
    String[] flags = kafka.flags(flags("--engine=" + engine));
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--runner=" + runner);
    all.add("--stopWhenDrained");
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(all.toArray(String[]::new)));
    assertEquals(model(), SessionsTable.of(kafka.read("sessions")));
    assertEquals(0, Sessionizer.commandLine().execute(command("verify", flags)));
  }

  @Test
  void lateVisitsCorrectAttributesAndCut() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    PipelineResult job =
        SessionizationJob.start(
            Flags.parse(
                kafka.flags(
                    "--engine=stateful",
                    "--idleAfter=PT1H", // the wall clock closes no session
                    "--endOn=/event=buy",
                    "--attribute=entry=first(page)",
                    "--attribute=revenue=sum(/value)",
                    "--attribute=bounce=count() = 1")));
    try {
      visits(
          kafka,
          visit("v", "10:00", "b", ",\"value\":2"),
          visit("v", "10:04", "c", ""),
          visit("v", "10:10", "d", ",\"value\":3.5"),
          visit("other", "10:30", "a", ""));
      kafka.awaitRecords("sessions", 1, () -> {});
      visits(kafka, visit("v", "10:02", "e", ",\"value\":\"1.5\",\"event\":\"buy\""));
      kafka.awaitRecords("sessions", 3, () -> {});
      visits(kafka, visit("v", "10:00", "a", ",\"value\":-0.25"));
      kafka.awaitRecords("sessions", 4, () -> {});
    } finally {
      job.cancel();
    }
    assertEquals(
        List.of(
            "10:00 1 on_time inactivity {'entry':'b','revenue':5.5,'bounce':false}",
            "10:00 2 late ended:/event=buy {'entry':'b','revenue':3.5,'bounce':false}",
            "10:04 1 late inactivity {'entry':'c','revenue':3.5,'bounce':false}",
            "10:00 3 late ended:/event=buy {'entry':'a','revenue':3.25,'bounce':false}"),
        kafka.read("sessions").stream().map(AttributesIT::described).toList());
  }

  private static String visit(String visitId, String time, String page, String more) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\",\"page\":\"%s\"%s}"
        .formatted(visitId, time, page, more);
  }

  private static void visits(TestKafka kafka, String... visits) throws Exception {
    kafka.writeVisits(0, Stream.of(visits).map(v -> v.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  /** Returns start, revision, timing, end reason and attributes of a record. */
  private static String described(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = TestKafka.headers(record);
    String value = new String(record.value(), UTF_8).replace('"', '\'');
    return String.join(
        " ",
        value.replaceFirst(".*'start_time':'2024-01-01T(..:..).*", "$1"),
        headers.get("revision"),
        headers.get("timing"),
        headers.get("end_reason"),
        value.replaceFirst(".*'attributes':(.*)}", "$1"));
  }
}
