package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final String LINE =
      """
      {"visit_id":"a","start_time":"2024-01-01T00:00:00.000Z","end_time":"2024-01-01T00:00:00.000Z",\
      "visited_pages":[{"page":"home","event_time_as_milliseconds":1704067200000}],\
      "duration_in_milliseconds":0}
      """;

  @TempDir private Path folder;

  /** What a pipe of Windows PowerShell writes, or an editor there. */
  @Test
  void readsFilesOfWindows() throws Exception {
    String expected = report(LINE, UTF_8);
    String windows = "\uFEFF" + LINE.replace("\n", "\r\n");
    assertEquals(expected, report(windows, UTF_8));
    assertEquals(expected, report(windows, UTF_16LE));
  }

  private String report(String lines, Charset charset) throws IOException {
    Path file = Files.write(folder.resolve("sessions.jsonl"), lines.getBytes(charset));
    Path page = folder.resolve("report.html");
    Report.ofFile(file, ZoneOffset.UTC).write(page);
    return Files.readString(page);
  }
}
