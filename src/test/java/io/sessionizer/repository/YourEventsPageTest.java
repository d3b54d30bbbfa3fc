package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.LeftOut;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/your-events.md is read as the page says. */
class YourEventsPageTest {
  private static final Page PAGE = Page.of(Path.of("docs", "your-events.md"));

  @TempDir private Path folder;

  @Test
  void exampleIsOneSession() throws Exception {
    InputFormat ofFlags =
        Flags.parse(
                "--where=type = \"page\"",
                "--visitIdField=device",
                "--eventTimeField=ts",
                "--eventTimeFormat=epoch-seconds",
                "--userIdField=/user/id",
                "--pageField=path(/page/url)")
            .settings()
            .inputFormat();
    Path file = folder.resolve("shop.yaml");
    Files.writeString(file, PAGE.blocks("yaml").toList().get(0).code());
    assertEquals(ofFlags, Flags.parse("--visitFormat=" + file).settings().inputFormat());
    String command = PAGE.blocks("text").toList().get(0).code();
    ofFlags.asFlags().forEach((flag, value) -> assertTrue(command.contains(flag + "="), flag));
    VisitParser parser = new VisitParser(ofFlags, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    List<ParsedRecord> parsed =
        PAGE.blocks("json")
            .toList()
            .get(0)
            .code()
            .lines()
            .map(line -> parser.parse(line.getBytes(StandardCharsets.UTF_8)))
            .toList();
    long start = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    assertEquals(
        List.of(
            new Visit("d1", start + 500, "kim", "/shop"),
            LeftOut.FILTERED,
            new Visit("d1", start + 60_000, null, "/cart")),
        parsed);
  }
}
