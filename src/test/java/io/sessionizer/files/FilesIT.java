package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.Visit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
    assertFalse(Files.exists(out.resolve("_INCOMPLETE")));
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
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 100));
    Path out = folder.resolve("out");
    String[] args = {"--input=" + folder + "/in/*", "--output=" + out};
    assertEquals(SessionizationJob.FAILED, SessionizationJob.run(args));
    assertEquals(List.of("_INCOMPLETE"), names(out));
    Files.write(cut, whole);
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(args));
    assertEquals(sessionsOfModel(visits), lines(out, "sessions-"));
  }

  @Test
  void pipesLikeAnyTool() throws Exception {
    List<Visit> visits = visits();
    var process = pipe("--deadLetters=" + folder.resolve("dead.jsonl"));
    try (OutputStream in = process.getOutputStream()) {
      for (Visit visit : visits) {
        in.write((json(visit) + "\n").getBytes(UTF_8));
      }
      in.write("no visit\n".getBytes(UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(SessionizationJob.DONE, process.exitValue());
    assertEquals(sessionsOfModel(visits), out.lines().sorted().toList());
    List<String> dead = Files.readAllLines(folder.resolve("dead.jsonl"));
    assertEquals(1, dead.size());
    assertTrue(dead.get(0).contains("\"source.file\":\"-\""), dead.get(0));
  }

  @Test
  void closedPipeEndsQuietly() throws Exception {
    var process = pipe();
    try (OutputStream in = process.getOutputStream()) {
      for (Visit visit : visits()) {
        in.write((json(visit) + "\n").getBytes(UTF_8));
      }
      process.getInputStream().close();
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String err = Files.readString(folder.resolve("err"));
    assertEquals(SessionizationJob.DONE, process.exitValue(), err);
    assertFalse(err.contains("Exception"), err);
  }

  private Process pipe(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sessionizer.cli.Sessionizer",
                "run",
                "--input=-",
                "--output=-"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
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

  /** The files that are not hidden. */
  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
