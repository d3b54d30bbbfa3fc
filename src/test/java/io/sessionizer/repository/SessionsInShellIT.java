package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Session;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.PageShell;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes the commands of docs/reading-sessions.md after a job with late and malformed visits. */
class SessionsInShellIT {
  private static final Path PAGE = Path.of("docs", "reading-sessions.md");

  @TempDir private static Path folder;
  private static PageShell shell;

  @BeforeAll
  static void runJob() throws Exception {
    shell = PageShell.open(folder);
    Command job = shell.start("./sessionizer run --engine=stateful");
    produce(visit("v1", "10:00"), visit("v1", "10:20"), visit("v2", "10:01"));
    produce(
        "{\"visit_id\":\"v3\",\"event_time\":\"2024/01/01 00:05:00\"}",
        "{\"visit_id\":\"v3\"",
        "{\"visit_id\":\"v3\",\"event_time\":\"2024/01/01 00:06:00\"}");
    // Ids of both partitions: the watermark follows the slower one.
    produce(
        IntStream.range(0, 10).mapToObj(i -> visit("last" + i, "10:38")).toArray(String[]::new));
    shell.awaitRecords("sessions", 3);
    produce(visit("v1", "10:10"), visit("v4", "09:00"));
    shell.awaitRecords("sessions", 5);
    shell.awaitRecords("late-visits", 1);
    shell.awaitRecords("dead-letters", 3);
    PageShell.stop(job);
  }

  @AfterAll
  static void closeShell() {
    shell.close();
  }

  @Test
  void jqPrintsAllRecordsOfSessions() throws Exception {
    assertEquals(
        List.of(
            "[\"v1@1704103200000\",\"1\",1]",
            "[\"v1@1704103200000\",\"2\",3]",
            "[\"v1@1704104400000\",\"1\",1]",
            "[\"v2@1704103260000\",\"1\",1]"),
        PageShell.sortedLines(shell.run(block("In a shell", 0))));
  }

  @Test
  void jqPrintsTableOfSessions() throws Exception {
    assertEquals(
        SessionsTable.of(shell.read("sessions")).values().stream().sorted().toList(),
        PageShell.sortedLines(shell.run(block("In a shell", 1))));
  }

  @Test
  void jqPrintsSessionsMergedAway() throws Exception {
    assertEquals("v1@1704104400000 -> v1@1704103200000\n", shell.run(block("In a shell", 2)).out());
  }

  @Test
  void jqPrintsLatenessOfVisitIds() throws Exception {
    String printed = shell.run(block("Late visits", 0)).out();

    // Seconds, and more of them if the job waited for so long that its watermark followed the
    // clock.
    assertTrue(printed.matches("\\{\"v4\":58\\d\\d(\\.\\d+)?}\n"), printed);
  }

  @Test
  void secondJobAcceptsVisitsThatWereTooLate() throws Exception {
    shell.createTopics("sessions-again", "late-visits-again", "dead-letters-again");

    shell.run(block("Late visits", 1));

    assertEquals(SessionsTable.ofSessions(model()), SessionsTable.of(shell.read("sessions-again")));
    assertEquals(List.of(), shell.read("late-visits-again"));
  }

  @Test
  void lateVisitsCanBeProducedToAnyTopic() throws Exception {
    shell.createTopics("visits-again");

    shell.run(block("Late visits", 2));

    assertEquals(
        texts(shell.read("late-visits")).toList(), texts(shell.read("visits-again")).toList());
  }

  @Test
  void repairedDeadLettersAreVisits() throws Exception {
    assertEquals(
        List.of("1 NOT_JSON", "2 BAD_EVENT_TIME"),
        PageShell.sortedLines(shell.run(block("Dead letters", 0))).stream()
            .map(String::strip)
            .sorted()
            .toList());

    Command repair = shell.run(block("Dead letters", 1));

    assertTrue(repair.err().startsWith("2 records written to topic 'visits' in "), repair.err());
    List<Visit> repaired = visits().stream().filter(v -> v.visitId().equals("v3")).toList();
    assertEquals(
        List.of(1704067500000L, 1704067560000L),
        repaired.stream().map(Visit::eventTimeMillis).sorted().toList());
  }

  private static String block(String section, int index) throws Exception {
    return Page.of(PAGE).code(section, "sh").get(index);
  }

  private static List<Session> model() throws RejectedVisitException {
    return ModelSessionizer.sessions(visits(), Duration.ofMinutes(16));
  }

  /** Returns the visits on their topic; it has malformed records as well. */
  private static List<Visit> visits() throws RejectedVisitException {
    List<Visit> visits = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : shell.read("visits")) {
      String value = new String(record.value(), UTF_8);
      if (!value.contains("2024/") && value.endsWith("}")) {
        visits.add(VisitJson.parse(record.value()));
      }
    }
    return visits;
  }

  private static String visit(String id, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\"}".formatted(id, time);
  }

  private static void produce(String... lines) throws Exception {
    shell.write(
        "lines.jsonl", Stream.of(lines).map(line -> line + "\n").collect(Collectors.joining()));
    shell.run("./sessionizer produce --input=lines.jsonl");
  }

  private static Stream<String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(record -> new String(record.value(), UTF_8)).sorted();
  }
}
