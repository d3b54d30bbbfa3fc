package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

  @Test
  void summarizesAttributes() throws Exception {
    String lines =
        line("a", "\"revenue\":1,\"ads\":[\"x\",\"y\"],\"bounce\":true")
            + line("b", "\"revenue\":2.5,\"ads\":[\"y\"],\"bounce\":true,\"ads_truncated\":true")
            + line("c", "\"revenue\":0.1,\"bounce\":false");
    String page = report(lines, UTF_8);
    JsonNode summary =
        new ObjectMapper()
            .readTree(page.replaceFirst("(?s).*<script type=\"application/json\" id=\"data\">", ""))
            .path("summary");
    assertEquals(
        """
        [{"name":"ads","sessions":2,"numbers":null,"most":[{"what":"y","count":2},{"what":"x","count":1}]},\
        {"name":"bounce","sessions":3,"numbers":null,"most":[{"what":"true","count":2},{"what":"false","count":1}]},\
        {"name":"revenue","sessions":3,"numbers":{"mean":"1.2","median":"1","least":"0.1","greatest":"2.5","sum":"3.6"},"most":[]}]""",
        summary.path("attributes").toString());
    assertEquals(3, summary.path("bounces").asInt());
  }

  private static String line(String visitId, String attributes) {
    return LINE.replace("\"a\"", '"' + visitId + '"')
        .replace("milliseconds\":0}", "milliseconds\":0,\"attributes\":{" + attributes + "}}");
  }

  private String report(String lines, Charset charset) throws IOException {
    Path file = Files.write(folder.resolve("sessions.jsonl"), lines.getBytes(charset));
    Path page = folder.resolve("report.html");
    Report.ofFile(file, ZoneOffset.UTC).write(page);
    return Files.readString(page);
  }
}
