package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs and commands on events of another shape than that of visits. */
class MappedVisitsIT {
  private static final String FORMAT =
      """
      where: type in ("page", "screen")
      visitIdField:
        - /context/device
        - anonymous
      eventTimeField: ts
      eventTimeFormat: epoch-seconds
      userIdField: /context/user/id
      pageField: path(/context/page/url),name
      missing: ['']
      """;

  @TempDir private Path folder;

  private static String event(String type, String device, String ts, String more) {
    return "{\"type\":\"%s\",\"context\":{\"device\":\"%s\",\"page\":{\"url\":\"https://h/a%%20b?c\"}},\"ts\":%s%s}"
        .formatted(type, device, ts, more);
  }

  private static List<String> events() {
    return List.of(
        event("page", "d1", "1704068280", ""),
        event("ping", "d1", "\"soon\"", ""),
        "{\"type\":\"screen\",\"anonymous\":\"d1\",\"ts\":\"1704068340.5\",\"name\":\"home\"}",
        event("page", "d1", "1704068340500", ""),
        "{\"type\":\"ping\"}");
  }

  private Path format(String text) throws Exception {
    return Files.writeString(folder.resolve("format.yaml"), text);
  }

  private String succeed(String command, String... flags) throws Exception {
    try (Command process = Command.start(folder, List.of(), command, flags)) {
      assertEquals(0, process.exitCode(300), process.out() + process.err());
      return process.out() + process.err();
    }
  }

  private static String[] with(String[] flags, String... more) {
    return Stream.concat(Arrays.stream(flags), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void filesBecomeSessionsThatVerifyConfirms() throws Exception {
    Path in = Files.write(folder.resolve("in.jsonl"), events());
    Path out = folder.resolve("out");
    String[] flags = {"--visitFormat=" + format(FORMAT), "--input=" + in};
    String log = succeed("run", with(flags, "--output=" + out));
    assertTrue(
        log.contains("done: 5 records read (2 filtered), 1 dead letter, 1 session written"), log);
    List<String> sessions = new ArrayList<>();
    List<String> deadLetters = new ArrayList<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        List<String> lines = file.endsWith("_SUCCESS") ? List.of() : Files.readAllLines(file);
        (file.getFileName().toString().startsWith("sessions-") ? sessions : deadLetters)
            .addAll(lines);
      }
    }
    assertEquals(1, sessions.size());
    assertTrue(
        sessions.get(0).contains("/a b") && sessions.get(0).contains("home"), sessions::toString);
    assertEquals(1, deadLetters.size());
    assertTrue(
        deadLetters
            .get(0)
            .contains(
                "ts \\\"1704068340500\\\" in epoch-seconds is after the year 9999; in epoch-millis"
                    + " it is 2024-01-01T00:19:00.500Z"),
        deadLetters::toString);
    String verified = succeed("verify", with(flags, "--sessions=" + out));
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
    assertTrue(verified.contains("1 in dead-letters-*.jsonl, 2 filtered"), verified);
  }

  @Test
  void misspelledFieldsAreNamed() throws Exception {
    Path in = Files.write(folder.resolve("in.jsonl"), events());
    String log =
        succeed(
            "run",
            "--visitFormat=" + format(FORMAT),
            "--input=" + in,
            "--output=-",
            "--pageField=/page/urll");
    assertTrue(
        log.contains(
            "no visit among the first 5 records has a page: --pageField=/page/urll;"
                + " ./sessionizer inspect --input=%s shows the fields that there are"
                    .formatted(in)),
        log);
  }

  @Test
  void filesWithNamesOfColumnsAreVerified() throws Exception {
    Files.writeString(
        folder.resolve("in.csv"),
        """
        visitor,when,url
        1,2024-01-01T00:00:00Z,/a
        1,soon,/b
        1,2024-01-01T00:01:00Z,/c
        """);
    Path config =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            input: %s/../%s/in.csv
            output: %s
            recordFormat: csv
            visitIdField: visitor
            eventTimeField: when
            pageField: url
            """
                .formatted(folder, folder.getFileName(), folder.resolve("out")));
    succeed("run", "--config=" + config);
    String verified = succeed("verify", "--config=" + config);
    assertTrue(verified.contains("3 records: 2 accepted"), verified);
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
  }

  @Test
  void topicBecomesSessionsThatCommandsKnow() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String event : events()) {
      records.add(
          new ProducerRecord<>(
              kafka.topic("visits"), 0, "d1".getBytes(UTF_8), event.getBytes(UTF_8)));
    }
    TestKafka.write(records);
    String[] flags =
        kafka.flags(
            "--visitFormat=" + format(FORMAT), "--visitIdField=kafka:key", "--engine=stateful");
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(with(flags, "--stopWhenDrained")));
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    assertEquals(1, sessions.size());
    assertEquals("d1@1704068280000", new String(sessions.get(0).key(), UTF_8));
    assertEquals(1, kafka.read("dead-letters").size());
    String verified = succeed("verify", flags);
    assertTrue(verified.contains("5 records: 2 accepted"), verified);
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
    String explained = succeed("explain", with(flags, "d1"));
    assertTrue(explained.contains("/a b") && explained.contains("home"), explained);
    assertTrue(explained.contains("in epoch-seconds is after the year 9999"), explained);
  }

  /** Visits are in one partition, and there are always new clicks in the other. */
  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void filteredEventsDelayNoSession(String runner) throws Exception {
    TestKafka kafka = new TestKafka().createTopics(2);
    kafka.writeVisits(0, event("page", "d1", "1704068280", "").getBytes(UTF_8));
    AtomicInteger clicks = new AtomicInteger();
    byte[] click = event("click", "d1", "1704068281", "").getBytes(UTF_8);
    String[] flags =
        kafka.flags(
            "--runner=" + runner,
            "--visitFormat=" + format(FORMAT),
            "--idleAfter=1s",
            "--sessionGap=2s",
            "--maxOutOfOrderness=1s");
    try (Command job = Command.start(folder, List.of(), "run", flags)) {
      kafka.awaitRecords(
          "sessions",
          1,
          () -> {
            try {
              assertTrue(job.process().isAlive() && clicks.incrementAndGet() < 3000, job.err());
              kafka.writeVisits(1, click);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  @Test
  void allProblemsAreReportedWithTheirPlaces() throws Exception {
    Path file = format("visitIdField: a(\neventTimeFormat: epoch\nwhere: a\n");
    Path in = Files.write(folder.resolve("in.jsonl"), events());
    String[] flags = {
      "--visitFormat=" + file, "--where=b = 'c", "--userIdField=kafka:key", "--input=" + in
    };
    try (Command run = Command.start(folder, List.of(), "run", flags)) {
      assertEquals(2, run.exitCode(300), run.err());
      String err = run.err();
      assertTrue(err.contains(file + ":1: --visitIdField=a(: at character 1: expected"), err);
      assertTrue(err.contains(file + ":2: --eventTimeFormat=epoch: must be iso8601"), err);
      assertTrue(err.contains("--where=b = 'c: at character 7: expected the quotation mark"), err);
      assertTrue(err.contains("--userIdField=kafka:key: not with --input"), err);
      assertTrue(!err.contains(file + ":3"), err);
    }
  }
}
