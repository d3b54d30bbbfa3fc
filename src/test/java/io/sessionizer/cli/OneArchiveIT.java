package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One archive of visits becomes the same sessions whichever way it takes: the hash of the final
 * table is that of the model's.
 */
class OneArchiveIT {
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final int COUNT = 4_000;

  /** How far visits are out of order on a topic; a job accepts a minute. */
  private static final int DISORDER_MILLIS = 50_000;

  private static final List<byte[]> NO_VISITS =
      List.of(
          "{ \"visit_id\" : \"v1\", \"user_id\" : 1 }".getBytes(UTF_8),
          "{\"visit_id\":\"v1\",\"event_time\":\"yesterday\"}".getBytes(UTF_8),
          "\"v1\"".getBytes(UTF_8),
          "no JSON".getBytes(UTF_8),
          new byte[] {'{', (byte) 0xFF, '}'});

  private static final List<Visit> VISITS = visits();
  private static final List<Line> ARCHIVE = archive();
  private static final String HASH =
      hash(ModelSessionizer.sessions(VISITS, Duration.ofMinutes(16)));

  /** A line of the archive, and about when it was written. */
  private record Line(byte[] text, long atMillis) {}

  @TempDir private Path folder;

  private static List<Visit> visits() {
    Random random = new Random(18);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      int visitor = random.nextInt(60);
      Visit visit =
          new Visit(
              "v" + visitor,
              START + 1_000L * random.nextInt(12 * 3_600),
              visitor % 3 == 0 ? null : "user-" + visitor,
              random.nextInt(10) == 0 ? null : "page-" + random.nextInt(9));
      visits.add(visit);
      if (random.nextInt(20) == 0) {
        visits.add(visit);
      }
    }
    return List.copyOf(visits);
  }

  private static List<Line> archive() {
    Random random = new Random(5);
    List<Line> lines = new ArrayList<>();
    VISITS.forEach(v -> lines.add(new Line(json(v).getBytes(UTF_8), v.eventTimeMillis())));
    for (byte[] text : NO_VISITS) {
      lines.add(new Line(text, VISITS.get(random.nextInt(COUNT)).eventTimeMillis()));
    }
    return List.copyOf(lines);
  }

  private static String hash(List<Session> sessions) {
    SortedMap<String, String> table = SessionsTable.ofSessions(sessions);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      table.forEach((key, value) -> sha256.update((key + "\0" + value + "\n").getBytes(UTF_8)));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FlinkRunner, 1, 1, jsonl",
    "FlinkRunner, 2, 5, parquet",
    "DirectRunner, 3, 1, parquet",
    "DirectRunner, 4, 7, jsonl"
  })
  void filesHaveTheHashOfTheModel(String runner, int seed, int files, String format)
      throws Exception {
    List<Line> shuffled = new ArrayList<>(ARCHIVE);
    Collections.shuffle(shuffled, new Random(seed));
    write(shuffled, files);
    String input = "--input=" + folder + "/in/*";
    Path out = folder.resolve("out");
    run(input, "--output=" + out, "--outputFormat=" + format, "--runner=" + runner);
    assertHash(HASH, input, "--sessions=" + out);
  }

  @ParameterizedTest
  @CsvSource({
    "stateful, DirectRunner",
    "stateful, FlinkRunner",
    "windows, DirectRunner",
    "windows, FlinkRunner"
  })
  void topicsHaveTheHashOfTheModel(String engine, String runner) throws Exception {
    TestKafka kafka = topics();
    String[] flags = kafka.flags("--engine=" + engine);
    run(kafka.flags("--engine=" + engine, "--runner=" + runner, "--stopWhenDrained"));
    assertHash(HASH, flags);
  }

  @ParameterizedTest
  @CsvSource({"files, FlinkRunner", "stateful, DirectRunner", "windows, FlinkRunner"})
  void rulesHaveTheHashOfTheModel(String way, String runner) throws Exception {
    List<String> rules =
        List.of(
            "--splitOn=lower(/page)",
            "--endOn=page=page-3",
            "--endOn=user_id=user-1",
            "--endOn=visit_id=v7",
            "--deduplicate",
            "--eventIdField=/page+/event_time");
    List<String> flags = new ArrayList<>(rules);
    flags.add("--runner=" + runner);
    List<String> places;
    if (way.equals("files")) {
      write(ARCHIVE, 2);
      places = List.of("--input=" + folder + "/in/*", "--output=" + folder.resolve("out"));
      flags.addAll(places);
      run(flags.toArray(String[]::new));
      places = List.of(places.get(0), "--sessions=" + folder.resolve("out"));
    } else {
      TestKafka kafka = topics();
      places = List.of(kafka.flags("--engine=" + way));
      flags.addAll(places);
      flags.add("--stopWhenDrained");
      run(flags.toArray(String[]::new));
    }
    String expected = hash(sessions(Flags.parse(rules.toArray(String[]::new)).settings()));
    assertHash(expected, Stream.concat(places.stream(), rules.stream()).toArray(String[]::new));
  }

  private static List<Session> sessions(Settings settings) {
    SessionPolicy policy = settings.policy();
    VisitParser parser =
        new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
    Map<String, Set<VisitedPage>> byVisitId = new TreeMap<>();
    for (Visit visit : VISITS) {
      Visit read = (Visit) parser.parse(json(visit).getBytes(UTF_8));
      byVisitId.computeIfAbsent(visit.visitId(), none -> new TreeSet<>()).add(read.visitedPage());
    }
    List<Session> sessions = new ArrayList<>();
    byVisitId.forEach(
        (visitId, pages) ->
            CutSessions.of(visitId, pages.stream().sorted().toList(), policy)
                .forEach(session -> sessions.add(session.session())));
    return sessions;
  }

  private static TestKafka topics() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    Random random = new Random(6);
    TestKafka.write(
        ARCHIVE.stream()
            .map(line -> new Line(line.text(), line.atMillis() + random.nextInt(DISORDER_MILLIS)))
            .sorted(Comparator.comparingLong(Line::atMillis))
            .map(line -> record(kafka, random.nextInt(2), line))
            .toList());
    return kafka;
  }

  private static ProducerRecord<byte[], byte[]> record(TestKafka kafka, int partition, Line line) {
    return new ProducerRecord<>(kafka.topic("visits"), partition, null, line.text());
  }

  private static void run(String... flags) {
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(flags));
  }

  /** {@code verify} finds no difference, and computes the hash of the model. */
  private void assertHash(String hash, String... flags) throws Exception {
    try (Command verify = Command.start(folder, List.of(), "verify", flags)) {
      assertEquals(0, verify.exitCode(300), () -> Arrays.toString(flags));
      String out = verify.out();
      assertTrue(out.contains("SHA-256    " + hash), hash + " in\n" + out);
      assertTrue(out.contains(NO_VISITS.size() + " in "), out);
    }
  }

  /** Writes lines to files, every other one compressed. */
  private void write(List<Line> lines, int files) throws IOException {
    Path in = Files.createDirectories(folder.resolve("in"));
    for (int file = 0; file < files; file++) {
      var bytes = new ByteArrayOutputStream();
      try (OutputStream out = file % 2 == 1 ? new GZIPOutputStream(bytes) : bytes) {
        for (int at = file; at < lines.size(); at += files) {
          out.write(lines.get(at).text());
          out.write('\n');
        }
      }
      Files.write(in.resolve(String.valueOf(file)), bytes.toByteArray());
    }
  }

  private static String json(Visit visit) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\"%s%s}"
        .formatted(
            visit.visitId(),
            Instant.ofEpochMilli(visit.eventTimeMillis()),
            field("user_id", visit.userId()),
            field("page", visit.page()));
  }

  private static String field(String name, @Nullable String value) {
    return value == null ? "" : ",\"%s\":\"%s\"".formatted(name, value);
  }
}
