package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.cli.Sessionizer;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs from files to files. */
class FilesIT {
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final int VISITS = 20_000;
  private static final int PATIENCE_SECONDS = 300;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"FlinkRunner", "DirectRunner"})
  void anyOrderOfLinesGivesSessionsOfModel(String runner) throws Exception {
    List<Visit> visits = visits();
    write(visits);
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            "--input=" + folder + "/in/*", "--output=" + out, "--runner=" + runner));
    assertEquals(sessionsOfModel(visits), lines(out, "sessions-"));
    assertEquals(List.of(), lines(out, "dead-letters-"));
    assertTrue(Files.exists(out.resolve("_SUCCESS")));
    assertTrue(names(out).stream().allMatch(name -> name.matches("_SUCCESS|sessions-.*\\.jsonl")));
  }

  @Test
  void deadLettersHavePositionAndReason() throws Exception {
    Path in = folder.resolve("visits.txt");
    Files.write(
        in,
        List.of(
            "{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\"}",
            "",
            "{\"visit_id\":\"v\"}"),
        UTF_8);
    Path out = folder.resolve("out");
    assertEquals(SessionizationJob.DONE, SessionizationJob.run("--input=" + in, "--output=" + out));
    assertEquals(1, lines(out, "sessions-").size());
    assertEquals(
        List.of(
            "{\"key\":null,\"headers\":{\"error.reason\":\"MISSING_EVENT_TIME\","
                + "\"error.message\":\"event_time is missing or null\",\"source.file\":\""
                + in
                + "\",\"source.byte\":\"54\"},\"value\":{\"visit_id\":\"v\"}}"),
        lines(out, "dead-letters-"));
  }

  @Test
  void missingFilesAndOtherOutputAreNotReady() throws Exception {
    Path out = Files.createDirectories(folder.resolve("out"));
    assertEquals(
        SessionizationJob.NOT_READY,
        SessionizationJob.run("--input=" + folder + "/none/*", "--output=" + out));
    Files.writeString(out.resolve("mine.txt"), "");
    Files.writeString(folder.resolve("visits.jsonl"), "");
    assertEquals(
        SessionizationJob.NOT_READY,
        SessionizationJob.run("--input=" + folder + "/visits.jsonl", "--output=" + out));
    assertTrue(Files.exists(out.resolve("mine.txt")));
  }

  @Test
  void damagedArchiveLeavesNothingThatLooksFinished() throws Exception {
    List<Visit> visits = visits();
    write(visits);
    Path cut = folder.resolve("in").resolve("0.jsonl.gz");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 100));
    Path out = folder.resolve("out");
    Process process = run("--input=" + folder + "/in/*", "--output=" + out);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(SessionizationJob.FAILED, process.exitValue());
    String err = err();
    assertTrue(err.contains("cannot read " + cut + " "), err);
    assertTrue(err.contains("the archive is truncated\n"), err);
    assertFalse(err.contains("\tat "), err);
    assertFalse(Files.exists(out));
    assertNoTemporaryFiles();
  }

  @Test
  void cancelledRunLeavesNothing() throws Exception {
    Path in = folder.resolve("in");
    assertEquals(0, new ProcessBuilder("mkfifo", in.toString()).start().waitFor());
    Path out = Files.createDirectory(folder.resolve("out"));
    // To open a named pipe for writing alone would wait for its reader.
    try (RandomAccessFile pipe = new RandomAccessFile(in.toFile(), "rw")) {
      pipe.write((json(visits().get(0)) + "\n").getBytes(UTF_8));
      Process process = startedRun(out, "--input=" + in, "--output=" + out);
      // Native libraries too: a signal while one is unpacked would leave its file.
      for (String name : names(folder.resolve("tmp"))) {
        assertTrue(name.startsWith("sessionizer-"), name);
      }
      process.destroy();
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals(143, process.exitValue(), err());
    }
    assertEquals(List.of(), names(out));
    assertNoTemporaryFiles();
  }

  @Test
  void killedRunIsStartedAgain() throws Exception {
    List<Visit> visits = visits();
    write(visits);
    Path out = folder.resolve("out");
    String[] args = {"--input=" + folder + "/in/*", "--output=" + out};
    Process process = startedRun(out, args);
    Files.createDirectories(out.resolve(".temp-beam-1"));
    Files.writeString(out.resolve(".temp-beam-1").resolve("x"), "half of");
    Files.writeString(out.resolve("sessions-00000-of-00002.jsonl"), "a run\n");
    process.destroyForcibly().waitFor();
    assertFalse(Files.exists(out.resolve("_SUCCESS")));
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(args));
    assertEquals(sessionsOfModel(visits), lines(out, "sessions-"));
    assertFalse(Files.exists(out.resolve(".temp-beam-1")));
  }

  @Test
  void withoutOutputSessionsGoToKafka() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    List<Visit> visits = visits();
    write(visits);
    Files.writeString(folder.resolve("in").resolve("4"), "no visit\n");
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(kafka.flags("--input=" + folder + "/in/*")));
    assertEquals(
        sessionsOfModel(visits),
        kafka.read("sessions").stream()
            .map(record -> new String(record.value(), UTF_8))
            .sorted()
            .toList());
    assertEquals(1, kafka.read("dead-letters").size());
  }

  @Test
  void deadLettersDoNotReplaceFile() throws Exception {
    Path in = Files.writeString(folder.resolve("visits.jsonl"), "no visit\n");
    Path dead = Files.writeString(folder.resolve("dead.jsonl"), "mine");
    assertEquals(
        SessionizationJob.NOT_READY,
        SessionizationJob.run("--input=" + in, "--output=-", "--deadLetters=" + dead));
    assertEquals("mine", Files.readString(dead));
  }

  @Test
  void pipesLikeAnyTool() throws Exception {
    List<Visit> visits = visits();
    Process process =
        run("--input=-", "--output=-", "--deadLetters=" + folder.resolve("dead.jsonl"));
    try (OutputStream in = process.getOutputStream()) {
      for (Visit visit : visits) {
        in.write((json(visit) + "\n").getBytes(UTF_8));
      }
      in.write("no visit\n".getBytes(UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(SessionizationJob.DONE, process.exitValue());
    assertEquals(sessionsOfModel(visits), out.lines().sorted().toList());
    List<String> dead = Files.readAllLines(folder.resolve("dead.jsonl"));
    assertEquals(1, dead.size());
    assertTrue(dead.get(0).contains("\"source.file\":\"-\""), dead.get(0));
  }

  @Test
  void closedPipeEndsQuietly() throws Exception {
    Process process = run("--input=-", "--output=-");
    try (OutputStream in = process.getOutputStream()) {
      for (Visit visit : visits()) {
        in.write((json(visit) + "\n").getBytes(UTF_8));
      }
      process.getInputStream().close();
    }
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(SessionizationJob.DONE, process.exitValue(), err());
    assertFalse(err().matches("(?s).* (WARN|ERROR) .*|.*Exception.*"), err());
    assertNoTemporaryFiles();
  }

  @Test
  void duckDbReadsParquet() throws Exception {
    List<Visit> visits = visits();
    write(visits);
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            "--input=" + folder + "/in/*", "--output=" + out, "--outputFormat=parquet"));
    List<String> expected = new ArrayList<>();
    for (Session session : ModelSessionizer.sessions(visits, GAP)) {
      List<String> pages =
          session.pages().stream().map(page -> page.page() + "@" + page.eventTimeMillis()).toList();
      expected.add(
          String.join(
              "|",
              session.id().toString(),
              session.visitId(),
              String.valueOf(session.userId()),
              String.valueOf(session.startMillis()),
              String.valueOf(session.endMillis()),
              String.valueOf(session.endMillis() - session.startMillis()),
              "inactivity",
              pages.toString()));
    }
    String query =
        """
        SELECT concat_ws('|', session_id, visit_id, coalesce(user_id, 'null'), epoch_ms(start_time),
          epoch_ms(end_time), duration_in_milliseconds, end_reason,
          '[' || array_to_string(
            [p.page || '@' || epoch_ms(p.event_time) FOR p IN visited_pages], ', ') || ']')
        FROM '%s/sessions-*.parquet'
        """
            .formatted(out);
    List<String> actual = new ArrayList<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        actual.add(rows.getString(1));
      }
    }
    assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());
  }

  @Test
  void showsProgressOnTerminal() throws Exception {
    write(visits());
    String[] flags = {"--input=" + folder + "/in/*", "--output=" + folder.resolve("out")};
    try (Command command = Command.onTerminal(folder, "run", flags)) {
      assertEquals(SessionizationJob.DONE, command.exitCode(PATIENCE_SECONDS), command.out());
      String out = command.out();
      assertTrue(out.matches("(?s).*run +\\d+% \\[.*/\\d+ KB \\(0:.*"), out);
      assertTrue(out.contains("done: " + VISITS + " records read, 0 dead letters, "), out);
    }
  }

  /** Starts a run, and waits until it writes to its folder. */
  private Process startedRun(Path out, String... flags) throws Exception {
    Process process = run(flags);
    while (!Files.exists(out.resolve("_INCOMPLETE"))) {
      assertTrue(process.isAlive(), err());
      Thread.sleep(10);
    }
    return process;
  }

  private Process run(String... flags) throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<String> command = new ArrayList<>(Command.JAVA);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "-Djava.io.tmpdir=" + temporary,
            Sessionizer.class.getName(),
            "run"));
    command.addAll(List.of(flags));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private void assertNoTemporaryFiles() throws IOException {
    assertEquals(List.of(), names(folder.resolve("tmp")));
  }

  private static List<Visit> visits() {
    Random random = new Random(1);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < VISITS; i++) {
      int visitor = random.nextInt(500);
      visits.add(
          new Visit(
              "v" + visitor,
              START + random.nextInt(24 * 3_600_000),
              random.nextBoolean() ? null : "user-" + visitor,
              "page-" + random.nextInt(20)));
    }
    Collections.shuffle(visits, random);
    return visits;
  }

  private static String json(Visit visit) {
    String user = visit.userId() == null ? "" : ",\"user_id\":\"" + visit.userId() + "\"";
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"%s\"%s}"
        .formatted(
            visit.visitId(), Instant.ofEpochMilli(visit.eventTimeMillis()), visit.page(), user);
  }

  /** Writes visits to four files, two of them compressed. */
  private void write(List<Visit> visits) throws IOException {
    Path in = Files.createDirectories(folder.resolve("in"));
    for (int file = 0; file < 4; file++) {
      var bytes = new ByteArrayOutputStream();
      try (OutputStream out = file < 2 ? new GZIPOutputStream(bytes) : bytes) {
        for (int at = file; at < visits.size(); at += 4) {
          out.write((json(visits.get(at)) + "\n").getBytes(UTF_8));
        }
      }
      Files.write(in.resolve(file + (file < 2 ? ".jsonl.gz" : ".jsonl")), bytes.toByteArray());
    }
  }

  private static List<String> sessionsOfModel(List<Visit> visits) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    return ModelSessionizer.sessions(visits, GAP).stream()
        .map(session -> new String(json.write(session), UTF_8))
        .sorted()
        .toList();
  }

  private static List<String> lines(Path folder, String prefix) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names(folder)) {
      if (name.startsWith(prefix)) {
        lines.addAll(Files.readAllLines(folder.resolve(name)));
      }
    }
    return lines.stream().sorted().toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
