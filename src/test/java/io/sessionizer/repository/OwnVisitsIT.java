package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.PageShell;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes the commands with which users write visits of their own. */
class OwnVisitsIT {
  private static final Path README = Path.of("README.md");
  private static final Path PAGE = Path.of("docs", "reading-sessions.md");

  @TempDir private static Path folder;
  private static PageShell shell;
  private static String clicks;
  private static String sessions;
  private static Command inFiles;
  private static Command onTopics;

  @BeforeAll
  static void runCommands() throws Exception {
    clicks = Page.of(README).code("Your own visits", "json").get(0);
    sessions = Page.of(README).code("Your own visits", "text").get(0);
    shell = PageShell.open(folder);
    shell.write("clicks.jsonl", clicks);
    List<String> commands = Page.of(README).code("Your own visits", "sh");
    inFiles = shell.run(commands.get(0));
    onTopics = shell.run(commands.get(1));
  }

  @AfterAll
  static void closeShell() {
    shell.close();
  }

  @Test
  void clicksBecomeSessionsWithoutKafka() throws Exception {
    assertEquals(sessions.lines().sorted().toList(), PageShell.sortedLines(inFiles));
  }

  @Test
  void sessionsOfTopicAreVerified() throws Exception {
    String err = onTopics.err();
    assertTrue(
        err.contains(clicks.lines().count() + " records written to topic 'visits' in "), err);
    String out = onTopics.out();
    assertTrue(out.contains("sessions   1 in the final table: 1 right"), out);
    assertTrue(
        out.contains("every visit is in exactly one place, and every session is right"), out);
  }

  @Test
  void jqKeepsMillisecondsOfTime() throws Exception {
    shell.write("millis.jsonl", "{\"session\":\"s3\",\"ts\":1704067200007}\n");

    shell.run(Page.of(PAGE).code("Times in milliseconds", "sh").get(0));

    assertEquals(
        List.of("{\"visit_id\":\"s3\",\"event_time\":\"2024-01-01T00:00:00.007Z\"}"), visits("s3"));
  }

  @Test
  void eventsOfTopicBecomeVisits() throws Exception {
    shell.createTopics("clicks");
    Command mapping = shell.start(Page.of(PAGE).code("Visits of a topic", "sh").get(0));
    shell.produce(
        new ProducerRecord<>(
            "clicks",
            "{\"session\":\"s4\",\"at\":\"2024-01-01T00:00:00Z\",\"path\":\"/\"}".getBytes(UTF_8)));
    shell.awaitRecord("visits", "s4");
    PageShell.stop(mapping);

    assertEquals(
        List.of("{\"visit_id\":\"s4\",\"event_time\":\"2024-01-01T00:00:00Z\",\"page\":\"/\"}"),
        visits("s4"));
  }

  private static List<String> visits(String visitId) {
    return shell.read("visits").stream()
        .filter(record -> visitId.equals(new String(record.key(), UTF_8)))
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }
}
