package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the files of docs/backfill.md are those of the job. */
class BackfillPageTest {
  private static final Path PAGE = Path.of("docs", "backfill.md");

  @TempDir private Path folder;

  @Test
  void commandsAreAccepted() throws Exception {
    List<Settings> commands =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("./sessionizer run "))
            .map(BackfillPageTest::settings)
            .toList();
    assertEquals(3, commands.size());
    assertEquals("archived", commands.get(0).openVisits());
    assertEquals("archived", commands.get(1).openVisits());
    assertEquals("open", commands.get(2).openVisits());
  }

  private static Settings settings(String line) {
    String[] words = line.replace("'", "").split(" ", -1);
    try {
      return Flags.parse(Arrays.copyOfRange(words, 2, words.length)).settings();
    } catch (Exception e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void tableNamesFilesOfJob() throws Exception {
    Path in = folder.resolve("visits.jsonl");
    Files.writeString(
        in, "{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\"}\nno visit\n");
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            "--input=" + in,
            "--output=" + out,
            "--seam=2024-01-01T00:15:59Z",
            "--runner=DirectRunner"));
    String page = Files.readString(PAGE) + Files.readString(Path.of("docs", "files.md"));
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.list(out)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .map(name -> name.replaceFirst("-\\p{XDigit}{8}-[\\p{XDigit}-]+", "-*"))
          .forEach(names::add);
    }
    names.forEach(name -> assertTrue(page.contains("| `" + name + "` |"), name));
    assertTrue(names.containsAll(List.of("open-visits-*.jsonl", "seam.json")), names::toString);
  }
}
