package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.launch.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the files of docs/files.md are those of the job. */
class FilesPageTest {
  private static final Path PAGE = Path.of("docs", "files.md");

  @TempDir private Path folder;

  @Test
  void commandsAreAccepted() throws Exception {
    String page = Files.readString(PAGE);
    assertTrue(page.contains("./sessionizer run --input='visits/*.jsonl.gz' --output=out\n"));
    assertEquals(
        List.of("visits/*.jsonl.gz"),
        Flags.parse("--input=visits/*.jsonl.gz", "--output=out").settings().files().input());
    assertTrue(page.contains("./sessionizer run --input=- --output=- |"));
    assertTrue(Flags.parse("--input=-", "--output=-").settings().files().readsStandardInput());
  }

  @Test
  void tableNamesFilesOfJob() throws Exception {
    Path in = folder.resolve("visits.jsonl");
    Files.writeString(
        in, "{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\"}\nno visit\n");
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run("--input=" + in, "--output=" + out, "--runner=DirectRunner"));
    String page = Files.readString(PAGE);
    try (Stream<Path> files = Files.list(out)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .map(name -> name.replaceFirst("-\\p{XDigit}{8}-[\\p{XDigit}-]+", "-*"))
          .forEach(name -> assertTrue(page.contains("| `" + name + "` |"), name));
    }
  }
}
