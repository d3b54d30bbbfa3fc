package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.testing.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The explanation of a visit id from the files of a real job. */
class ExplainFilesIT {
  @TempDir private Path folder;
  private String input;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    Path in = Files.createDirectory(folder.resolve("in"));
    Files.writeString(
        in.resolve("a.jsonl"),
        "\n"
            + visit("v1", "00:17:33", "contact")
            + visit("v2", "00:00:00", "index")
            + visit("v1", "00:00:30", "<script>")
            + "{\"visit_id\":\"v1\",\"event_time\":\"soon\"}\n");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(in.resolve("b.gz")))) {
      gzip.write(visit("v1", "00:00:00", "index").repeat(2).getBytes(UTF_8));
    }
    input = "--input=" + in + "/*";
    out = folder.resolve("out");
  }

  @Test
  void explainsSessionsAndDeadLetters() throws Exception {
    run("--deduplicate");
    assertEquals(
        """
        v1: 2 sessions of 3 visits; 1 visit not counted twice; 1 dead letter
        files, gap 16 min; no visit is late

        Visits, by event time
          2024-01-01T00:00:00.000Z  index     in/b.gz line 1, byte 0       in v1@1704067200000
            + 0 s
          2024-01-01T00:00:00.000Z  index     in/b.gz line 2, byte 69      counted once with the one before, which has the same time and page
            + 30 s
          2024-01-01T00:00:30.000Z  <script>  in/a.jsonl line 4, byte 141  in v1@1704067200000
            + 17 min 3 s: more than the gap of 16 min, so a new session
          2024-01-01T00:17:33.000Z  contact   in/a.jsonl line 2, byte 1    in v1@1704068253000

        Rejected records
          in/a.jsonl line 5, byte 213  BAD_EVENT_TIME: event_time "soon" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00
            dead letter out/dead-letters line 1, byte 0; known by its visit_id

        Sessions, as they were written
          out/sessions line N, byte N  v1@1704067200000
            2024-01-01T00:00:00.000Z to 2024-01-01T00:00:30.000Z, 2 visits, 30 s
            ended by inactivity: the gap follows its last visit
          out/sessions line N, byte N  v1@1704068253000
            2024-01-01T00:17:33.000Z to 2024-01-01T00:17:33.000Z, 1 visit, 0 s
            ended by inactivity: the gap follows its last visit
        """,
        explanation("--deduplicate", "v1"));
  }

  /** Lines do not say why a session ended: the rules do; rows do. */
  @Test
  void explainsEndReasonsOfLinesAndRows() throws Exception {
    for (String format : List.of("jsonl", "parquet")) {
      out = folder.resolve(format);
      run("--outputFormat=" + format, "--maxPagesPerSession=2", "--endOn=page=contact");
      String explained = explanation("--maxPagesPerSession=2", "--endOn=page=contact", "v1");
      assertTrue(explained.contains("    ended by max_pages\n"), explained);
      assertTrue(explained.contains("    ended by ended:page=contact\n"), explained);
      assertTrue(
          explained.contains(
              "    + 30 s: less than the gap of 16 min, but that session reached --maxPagesPerSession\n"),
          explained);
    }
  }

  @Test
  void explainsWhatIsCarriedOver() throws Exception {
    run("--seam=2024-01-01T00:16:10Z");
    String explained = explanation("v1");
    assertTrue(
        explained.startsWith(
            "v1: 0 sessions; 3 visits carried over; 1 visit skipped at the seam; 1 dead letter\n"),
        explained);
    assertTrue(explained.contains("  carried over: its session is open at the seam\n"), explained);
    assertTrue(explained.contains("  skipped: it is on the other side of the seam\n"), explained);
  }

  @Test
  void showsLostVisitAndOtherFiles() throws Exception {
    run();
    Files.writeString(folder.resolve("in/a.jsonl"), visit("v1", "03:00:00", "lost"));
    String explained = explanation("v1");
    assertTrue(
        explained.contains("  in no session: the job has lost it, or had other files or flags\n"),
        explained);
    assertTrue(explained.contains("In sessions, but in none of the files\n"), explained);
  }

  @Test
  void suggestsVisitIdsForUnknownOne() throws Exception {
    run();
    try (Command explain = explain("v")) {
      assertEquals(4, explain.exitCode(300), explain.err());
      assertEquals(
          "sessionizer: nothing of visit id 'v' among 10 records in 2 files and the folder;"
              + " did you mean v1 or v2?\n",
          explain.err());
    }
  }

  @Test
  void standardInputCannotBeReadAgain() throws Exception {
    try (Command explain =
        Command.start(folder, List.of(), "explain", "--input=-", "--sessions=" + out, "v1")) {
      assertEquals(SessionizationJob.BAD_FLAGS, explain.exitCode(300), explain.out());
      assertTrue(explain.err().contains("--input=-: cannot be read twice"), explain.err());
    }
  }

  private void run(String... flags) {
    List<String> all = new ArrayList<>(List.of(input, "--output=" + out, "--runner=DirectRunner"));
    all.addAll(List.of(flags));
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(all.toArray(String[]::new)));
  }

  private Command explain(String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of(input, "--sessions=" + out));
    all.addAll(List.of(args));
    return Command.start(folder, List.of(), "explain", all.toArray(String[]::new));
  }

  /** Without the folder, and without what depends on how many files a job writes. */
  private String explanation(String... args) throws Exception {
    try (Command explain = explain(args)) {
      assertEquals(0, explain.exitCode(300), explain.err());
      return explain
          .out()
          .replace(folder + "/", "")
          .replaceAll("-\\p{XDigit}{8}-[\\p{XDigit}-]+\\.jsonl", "")
          .replaceAll("(out/sessions) line \\d+, byte \\d+", "$1 line N, byte N");
    }
  }

  private static String visit(String visitId, String time, String page) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\",\"page\":\"%s\"}\n"
        .formatted(visitId, time, page);
  }
}
