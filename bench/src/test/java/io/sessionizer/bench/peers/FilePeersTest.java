package io.sessionizer.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peers that read files; that of Spark is a module of its own. */
class FilePeersTest {
  private static final List<String> SESSIONS =
      List.of(
          """
          {"visit_id":"v1","user_id":"u1","start_time":"2024-01-01T00:00:00.000Z",\
          "end_time":"2024-01-01T00:15:59.999Z","visited_pages":[\
          {"page":"a","event_time_as_milliseconds":1704067200000},\
          {"page":"b","event_time_as_milliseconds":1704067200000},\
          {"page":"c","event_time_as_milliseconds":1704068159999}],\
          "duration_in_milliseconds":959999}""",
          """
          {"visit_id":"v1","user_id":"u2","start_time":"2024-01-01T00:31:59.999Z",\
          "end_time":"2024-01-01T00:31:59.999Z","visited_pages":[\
          {"page":"d","event_time_as_milliseconds":1704069119999}],\
          "duration_in_milliseconds":0}""",
          """
          {"visit_id":"v2","user_id":"u3","start_time":"2024-01-01T00:00:00.000Z",\
          "end_time":"2024-01-01T00:00:00.000Z","visited_pages":[\
          {"page":"é\\"","event_time_as_milliseconds":1704067200000}],\
          "duration_in_milliseconds":0}""");

  @TempDir Path folder;

  @BeforeEach
  void writeVisits() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.write(
        input.resolve("1.jsonl"),
        List.of(
            visit("v1", "2024-01-01T01:31:59.999+01:00", "u2", "d"),
            visit("v1", "2024-01-01T00:00:00Z", "u9", "b"),
            visit("v2", "2024-01-01T00:00:00+00:00", "u3", "é\\\"")));
    Files.write(
        input.resolve("2.jsonl"),
        List.of(
            visit("v1", "2024-01-01T00:15:59.999Z", "u1", "c"),
            visit("v1", "2024-01-01T00:00:00Z", "u1", "a")));
  }

  private static String visit(String visitId, String time, String userId, String page) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"user_id\":\"%s\",\"page\":\"%s\"}"
        .formatted(visitId, time, userId, page);
  }

  @Test
  void floorOrdersVisitsByTimePageAndUser() throws Exception {
    FileFloorJob.main(flags());

    assertEquals(SESSIONS, sessions());
  }

  @Test
  void duckDbOrdersVisitsOfOneMillisecond() throws Exception {
    DuckDbJob.main(flags());

    assertEquals(SESSIONS, sessions());
  }

  private String[] flags() {
    return new String[] {
      "input=" + folder.resolve("input"),
      "output=" + folder.resolve("output"),
      "scratch=" + folder.resolve("scratch"),
      "parallelism=2"
    };
  }

  private List<String> sessions() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("output"))) {
      for (Path file : files.toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines.stream().sorted().toList();
  }
}
