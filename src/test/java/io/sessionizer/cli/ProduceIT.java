package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes lines to a real broker, from files, pipes and a terminal. */
class ProduceIT {
  private static final String VISIT =
      "{\"visit_id\":\"v%s\",\"event_time\":\"2024-01-01T00:00:00Z\"}";

  @TempDir private Path folder;
  private final List<Command> started = new ArrayList<>();
  private final TestKafka kafka = new TestKafka();

  @BeforeEach
  void createTopics() throws Exception {
    kafka.createTopics();
  }

  @AfterEach
  void nothingStaysBehind() {
    started.forEach(Command::close);
  }

  @Test
  void writesLinesInOrderByVisitId() throws Exception {
    List<String> visits =
        IntStream.range(0, 1_234).mapToObj(i -> VISIT.formatted(i % 10) + " ".repeat(i)).toList();
    Path file = Files.write(folder.resolve("visits.jsonl"), visits);

    Command produce = start("--input=" + file);

    assertEquals(0, produce.exitCode(300), produce.err());
    assertTrue(
        produce
            .err()
            .matches(
                "1,234 records written to topic '%s' in \\d+\\.\\d s\\R"
                    .formatted(kafka.topic("visits"))),
        produce.err());
    assertEquals("", produce.out());
    for (int i = 0; i < 10; i++) {
      String key = "v" + i;
      assertEquals(
          visits.stream().filter(visit -> visit.contains('"' + key + '"')).toList(),
          kafka.read("visits").stream()
              .filter(record -> key.equals(new String(record.key(), UTF_8)))
              .map(record -> new String(record.value(), UTF_8))
              .toList());
    }
  }

  @Test
  void writesMalformedLinesUnchangedWithoutKey() throws Exception {
    List<String> lines =
        List.of(
            VISIT.formatted(1),
            "{\"visit_id\":\"v2\",\"event_time\":1704067200000}",
            "not JSON \u001B[31m é",
            "");
    Path file = Files.write(folder.resolve("visits.jsonl"), lines);

    Command produce = start("--input=" + file);

    assertEquals(0, produce.exitCode(300), produce.err());
    assertTrue(
        produce
            .err()
            .endsWith(
                "\n3 malformed: the job will write them to dead letters. The first is line 2:"
                    + " event_time must be a text, not a number (\"1704067200000\")"
                    + " (BAD_FIELD_TYPE)\n"),
        produce.err());
    List<ConsumerRecord<byte[], byte[]>> records = kafka.read("visits");
    assertEquals(
        lines.stream().sorted().toList(),
        records.stream().map(record -> new String(record.value(), UTF_8)).sorted().toList());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (!new String(record.value(), UTF_8).equals(lines.get(0))) {
        assertNull(record.key());
      }
    }
  }

  @Test
  void filteredEventsHaveVisitIdsAsKeys() throws Exception {
    List<String> lines =
        List.of(
            "{\"type\":\"page\",\"anonymousId\":\"a\",\"timestamp\":\"2024-01-01T00:00:00Z\"}",
            "{\"type\":\"track\",\"anonymousId\":\"a\"}",
            "{\"type\":\"track\"}");
    Path file = Files.write(folder.resolve("events.jsonl"), lines);

    Command produce = start("--input=" + file, "--visitFormat=segment");

    assertEquals(0, produce.exitCode(300), produce.err());
    assertTrue(
        produce
            .err()
            .endsWith(
                "\n2 of them are not visits, by the format's condition: the job will filter them\n"),
        produce.err());
    assertEquals(
        List.of("a", "a", "null"),
        kafka.read("visits").stream()
            .map(record -> record.key() == null ? "null" : new String(record.key(), UTF_8))
            .sorted()
            .toList());
  }

  @Test
  void namesLimitForLineTooLarge() throws Exception {
    Path file = Files.writeString(folder.resolve("array.json"), "[" + "1,".repeat(600_000) + "1]");

    Command produce = start("--input=" + file);

    assertEquals(1, produce.exitCode(300), produce.err());
    assertTrue(produce.err().contains("max.request.size"), produce.err());
    assertTrue(
        produce.err().endsWith("one JSON object per line: jq -c '.[]' splits an array.\n"),
        produce.err());
  }

  @Test
  void namesMissingTopic() throws Exception {
    Path file = Files.createFile(folder.resolve("visits.jsonl"));
    Command produce =
        Command.start(
            folder,
            List.of(),
            "produce",
            "--bootstrapServers=" + TestKafka.address(),
            "--topic=no-such-topic",
            "--input=" + file);
    started.add(produce);

    assertEquals(3, produce.exitCode(300), produce.err());
    assertTrue(produce.err().contains("no-such-topic"), produce.err());
  }

  @Test
  void writesOutputOfJqUntilPipeCloses() throws Exception {
    Path events =
        Files.write(
            folder.resolve("clicks.jsonl"),
            List.of(
                "{\"session\":\"a\",\"ts\":1704067200007,\"path\":\"/\"}",
                "{\"session\":\"b\",\"ts\":1704067200987,\"path\":\"/é\"}"));
    String jq =
        "jq -c '{visit_id: .session, event_time:"
            + " \"\\(.ts/1000|floor|todate[:-1]).\\(.ts%1000+1000|tostring[1:])Z\", page: .path}' "
            + events;
    Process pipe = new ProcessBuilder(pipeInto(jq)).redirectErrorStream(true).start();
    String output = new String(pipe.getInputStream().readAllBytes(), UTF_8);

    assertTrue(pipe.waitFor(300, TimeUnit.SECONDS), output);
    assertEquals(0, pipe.exitValue(), output);
    assertTrue(output.startsWith("2 records written to topic "), output);
    assertEquals(
        "a {\"visit_id\":\"a\",\"event_time\":\"2024-01-01T00:00:00.007Z\",\"page\":\"/\"}\n"
            + "b {\"visit_id\":\"b\",\"event_time\":\"2024-01-01T00:00:00.987Z\",\"page\":\"/é\"}",
        kafka.read("visits").stream()
            .map(r -> new String(r.key(), UTF_8) + ' ' + new String(r.value(), UTF_8))
            .sorted()
            .collect(Collectors.joining("\n")));
  }

  /** Returns a pipe from {@code source}, a command of the shell, into the launcher. */
  private List<String> pipeInto(String source) throws IOException {
    return List.of(
        "bash",
        "-o",
        "pipefail",
        "-c",
        source + " | \"$@\"",
        "-",
        Command.launcher(folder).toString(),
        "produce",
        "--bootstrapServers=" + TestKafka.address(),
        "--topic=" + kafka.topic("visits"));
  }

  @Test
  void ctrlCKeepsLinesThatWereRead() throws Exception {
    Command produce =
        Command.onTerminal(
            folder,
            "produce",
            "--bootstrapServers=" + TestKafka.address(),
            "--topic=" + kafka.topic("visits"));
    started.add(produce);
    produce.awaitShown("produce", 300);
    // The terminal passes on complete lines.
    produce.process().getOutputStream().write((VISIT.formatted(1) + "\nhalf a").getBytes(UTF_8));
    produce.process().getOutputStream().flush();
    kafka.awaitRecords("visits", 1, () -> assertTrue(produce.process().isAlive()));

    produce.pressCtrlC();

    assertEquals(130, produce.exitCode(60), produce.out());
    assertTrue(produce.out().contains("1 record written to topic "), produce.out());
    assertFalse(produce.out().contains("Exception"), produce.out());
    assertEquals(1, kafka.read("visits").size());
  }

  private Command start(String... args) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "--bootstrapServers=" + TestKafka.address(), "--topic=" + kafka.topic("visits")));
    line.addAll(List.of(args));
    Command command = Command.start(folder, List.of(), "produce", line.toArray(String[]::new));
    started.add(command);
    return command;
  }
}
