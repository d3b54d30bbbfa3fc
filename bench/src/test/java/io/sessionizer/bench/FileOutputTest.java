package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of files of sessions. */
class FileOutputTest {
  private static final String SESSION =
      "{\"visit_id\":\"v\",\"visited_pages\":[{\"event_time_as_milliseconds\":%s}]}";

  @TempDir Path folder;

  @Test
  void readsSessionsOfAllFilesAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("sessions-1.jsonl"), SESSION.formatted(1) + "\n");
    Files.writeString(folder.resolve("part-2.json"), SESSION.formatted(2) + "\n");
    Files.writeString(folder.resolve("dead-letters-1.jsonl"), "{}\n");
    Files.createFile(folder.resolve("_SUCCESS"));

    assertEquals(Set.of("v@1", "v@2"), FileOutput.read(folder).keySet());
  }

  @Test
  void repeatedSessionIsProblem() throws IOException {
    Files.write(
        folder.resolve("sessions-1.jsonl"), List.of(SESSION.formatted(1), SESSION.formatted(1)));

    assertThrows(IOException.class, () -> FileOutput.read(folder));
  }

  @Test
  void malformedSessionIsProblem() throws IOException {
    Files.writeString(folder.resolve("sessions-1.jsonl"), "{}\n");

    assertThrows(IOException.class, () -> FileOutput.read(folder));
  }

  @Test
  void visitIdWithoutPauseIsOneSession() throws IOException {
    Task task = new Task(Workload.FILES_HOT, 40_000, 1);
    FileBacklog backlog = FileBacklog.write(folder.resolve("visits"), task);

    assertEquals(12_000, task.expected().visitsOf(hotSession(task)));
    try (var files = Files.list(backlog.folder())) {
      assertEquals(4, files.count());
    }
  }

  private static String hotSession(Task task) {
    for (var visits = task.generate(); visits.hasNext(); ) {
      var visit = visits.next();
      if (new String(visit.key(), UTF_8).equals(HotVisits.VISIT_ID)) {
        return HotVisits.VISIT_ID + "@" + visit.eventTimeMillis();
      }
    }
    throw new AssertionError("no visit of it");
  }

  @Test
  void tableHasRatiosToDuckDbAndFloor() {
    Scenario scenario = new Scenario(Workload.FILES, 1_000_000, false);
    BenchmarkResults results = new BenchmarkResults();
    results.add(scenario, Contender.SESSIONIZER, Run.onFiles("", 8, 4, 1_000_000, 1 << 30, 0));
    results.add(scenario, Contender.DUCKDB, Run.onFiles("", 32, 16, 1_000_000, 8L << 30, 0));
    results.add(scenario, Contender.FLOOR, Run.onFiles("", 5, 2, 1_000_000, 1 << 30, 0));

    List<String> lines = ResultTable.of(results);

    assertEquals(5, lines.size());
    assertTrue(
        lines
            .get(2)
            .matches(
                "\\| files +\\| 1,000,000 \\| sessionizer \\| +8.0 \\| +0.25 \\| +1.60 \\| +125,000 \\|"
                    + " +250,000 \\| +4.0 \\| +1,024 \\| +0.13 \\|.* exact.*"),
        lines.get(2));
  }
}
