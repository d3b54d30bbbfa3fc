package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.records.Session;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive and the stream behind it are verified, each alone and together. */
class VerifySeamIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant SEAM = START.plus(Duration.ofHours(5));
  private static final Duration GAP = Duration.ofMinutes(16);

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();
  private final List<Visit> visits = new ArrayList<>();
  private String input;
  private Path out;

  /** Ten hours of visits; files and topic have an hour of each other's. */
  @BeforeEach
  void visits() throws Exception {
    kafka.createTopics(2);
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      int visitor = random.nextInt(random.nextInt(80) + 10);
      long time = START.toEpochMilli() + random.nextInt(10 * 3_600_000);
      String user = random.nextBoolean() ? null : "u" + visitor;
      visits.add(new Visit("v" + visitor, time, user, "page " + random.nextInt(9)));
    }
    Path in = Files.createDirectory(folder.resolve("in"));
    Files.write(
        in.resolve("a.jsonl"),
        visits.stream()
            .filter(visit -> isBefore(visit, SEAM.plus(Duration.ofHours(1))))
            .map(visit -> new String(VisitJson.write(visit), UTF_8))
            .toList());
    input = "--input=" + in + "/*";
    out = folder.resolve("out");
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    visits.stream()
        .filter(visit -> !isBefore(visit, SEAM.minus(Duration.ofHours(1))))
        .sorted(Comparator.comparingLong(Visit::eventTimeMillis))
        .forEach(
            visit ->
                records.add(
                    new ProducerRecord<>(
                        kafka.topic("visits"), records.size() % 2, null, VisitJson.write(visit))));
    TestKafka.write(records);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "parquet"})
  void archiveAndStreamAreRight(String format) throws Exception {
    run(input, "--seam=" + SEAM, "--output=" + out, "--outputFormat=" + format);
    String archive = right(input, "--sessions=" + out);
    assertTrue(archive.contains(", seam 2024-01-01T05:00:00Z\n"), archive);
    assertTrue(archive.matches("(?s).*; [1-9]\\d* visits carried over\n.*"), archive);
    assertTrue(archive.matches("(?s).*, [1-9]\\d* skipped at the seam\n.*"), archive);

    run(stream("--openVisits=" + out, "--stopWhenDrained"));
    String stream = right(stream("--openVisits=" + out));
    assertTrue(stream.matches("(?s).*, [1-9]\\d* skipped at the seam\n.*"), stream);
    String both = right(stream("--openVisits=" + out, input, "--sessions=" + out));
    assertTrue(both.contains("SHA-256    " + hash()), both);
  }

  @Test
  void archiveOnTopicIsRight() throws Exception {
    run(stream(input, "--seam=" + SEAM, "--openVisits=" + out, "--runner=DirectRunner"));
    run(stream("--openVisits=" + out, "--stopWhenDrained"));
    String both = right(stream("--openVisits=" + out, input));
    assertTrue(both.contains("SHA-256    " + hash()), both);
  }

  @Test
  void findsVisitThatIsNotCarriedOver() throws Exception {
    run(input, "--seam=" + SEAM, "--output=" + out);
    Path open = someOpenVisits();
    List<String> lines = Files.readAllLines(open);
    String lost = lines.remove(0);
    Files.write(open, lines);
    String out = wrong(input, "--sessions=" + this.out);
    assertTrue(out.startsWith("MISSING_OPEN_VISIT at " + folder.resolve("in/a.jsonl")), out);
    assertTrue(out.contains("1 difference\n"), out);

    Files.write(open, List.of(lost, lost), StandardOpenOption.APPEND);
    out = wrong(input, "--sessions=" + this.out);
    assertTrue(out.startsWith("EXTRA_OPEN_VISIT at " + open + " byte "), out);
    assertTrue(out.contains("\n  ./sessionizer explain '--input="), out);
    assertTrue(out.contains("1 difference\n"), out);
  }

  /** A visit that is not carried over is missing in the stream's sessions. */
  @Test
  void findsWhatStreamLacks() throws Exception {
    run(input, "--seam=" + SEAM, "--output=" + out);
    Path open = someOpenVisits();
    List<String> lines = Files.readAllLines(open);
    Files.write(open, lines.subList(1, lines.size()));
    run(stream("--openVisits=" + out, "--stopWhenDrained"));
    String found = wrong(stream("--openVisits=" + out, input, "--sessions=" + out));
    assertTrue(found.startsWith("WRONG_SESSION") || found.startsWith("MISSING_SESSION"), found);
    Files.write(open, lines);
    found = wrong(stream("--openVisits=" + out));
    assertTrue(found.startsWith("WRONG_SESSION") || found.startsWith("MISSING_SESSION"), found);
  }

  @Test
  void otherFlagsAreNotReady() throws Exception {
    run(input, "--seam=" + SEAM, "--output=" + out);
    try (Command verify = verify(input, "--sessions=" + out, "--sessionGap=20m")) {
      assertEquals(SessionizationJob.NOT_READY, verify.exitCode(300), verify.out());
      assertTrue(
          verify.err().contains("was written by a job with --sessionGap=PT16M"), verify.err());
    }
  }

  private Path someOpenVisits() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("open-visits"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static boolean isBefore(Visit visit, Instant time) {
    return visit.eventTimeMillis() < time.toEpochMilli();
  }

  private String hash() throws Exception {
    List<Session> sessions = ModelSessionizer.sessions(visits, GAP);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    SessionsTable.ofSessions(sessions)
        .forEach((key, value) -> sha256.update((key + "\0" + value + "\n").getBytes(UTF_8)));
    return HexFormat.of().formatHex(sha256.digest());
  }

  private String[] stream(String... flags) {
    return kafka.flags(flags);
  }

  private static void run(String... flags) {
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(flags), () -> Arrays.toString(flags));
  }

  private Command verify(String... flags) throws IOException {
    return Command.start(folder, List.of(), "verify", flags);
  }

  private String right(String... flags) throws Exception {
    try (Command verify = verify(flags)) {
      assertEquals(0, verify.exitCode(300), verify.out() + verify.err());
      String printed = verify.out();
      assertTrue(
          printed.endsWith("every visit is in exactly one place, and every session is right\n"),
          printed);
      return printed;
    }
  }

  private String wrong(String... flags) throws Exception {
    try (Command verify = verify(flags)) {
      assertEquals(VerifyCommand.DIFFERENCES, verify.exitCode(300), verify.err());
      return verify.out();
    }
  }
}
