package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.FlinkProcesses;
import io.sessionizer.testing.FlinkRest;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An archive in files, and a topic with the visits that follow, of which each has some of the
 * other's: the sessions of two jobs are those of all visits cut once.
 */
@Timeout(600)
class SeamIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant SEAM = START.plus(Duration.ofHours(5));
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final int VISITS = 6_000;

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();
  private final List<Visit> visits = new ArrayList<>();
  private final List<Visit> onTopic = new ArrayList<>();
  private Path out;

  /** Ten hours, with sessions of some visits, and a few long ones. */
  @BeforeEach
  void visits() throws Exception {
    out = folder.resolve("out");
    kafka.create("visits", Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
    kafka.create("sessions", Map.of());
    kafka.create("late-visits", Map.of());
    kafka.create("dead-letters", Map.of());
    Random random = new Random(5);
    for (int i = 0; i < VISITS; i++) {
      int visitor = random.nextInt(random.nextInt(200) + 10);
      long time = START.toEpochMilli() + random.nextInt(10 * 3_600_000);
      String user = random.nextBoolean() ? null : "u" + visitor;
      visits.add(new Visit("v" + visitor, time, user, "page \"" + random.nextInt(9) + "\""));
    }
    Path in = Files.createDirectories(folder.resolve("in"));
    List<String> lines = new ArrayList<>();
    for (Visit visit : visits) { // in no order
      if (visit.eventTimeMillis() < SEAM.plus(Duration.ofHours(1)).toEpochMilli()) {
        lines.add(new String(VisitJson.write(visit), UTF_8));
      }
    }
    Files.write(in.resolve("a.jsonl"), lines.subList(0, 1_000));
    Files.write(in.resolve("b.jsonl"), lines.subList(1_000, lines.size()));
    visits.stream()
        .filter(visit -> visit.eventTimeMillis() >= SEAM.minus(Duration.ofHours(1)).toEpochMilli())
        .sorted(Comparator.comparingLong(Visit::eventTimeMillis))
        .forEach(onTopic::add);
  }

  @Test
  void overlapIsSkippedAndCounted() throws Exception {
    long after = Files.readAllLines(folder.resolve("in/a.jsonl")).size();
    after += Files.readAllLines(folder.resolve("in/b.jsonl")).size();
    after -= visits.stream().filter(visit -> !isFromSeamOn(visit)).count();
    long before = onTopic.stream().filter(visit -> !isFromSeamOn(visit)).count();
    write(0, onTopic.size());
    assertEquals(0, exitCode(start("archive", archive("--runner=DirectRunner"))));
    String skipped = "skipped " + after + " visits from the seam on; ";
    assertTrue(log("archive").contains(skipped), () -> skipped + log("archive"));
    assertEquals(0, exitCode(start("stream", stream("--stopWhenDrained"))));
    String skippedBefore = "skipped " + before + " visits before the seam";
    assertTrue(log("stream").contains(skippedBefore), () -> skippedBefore + log("stream"));
    assertTableIsThatOfModel();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--runner=FlinkRunner", "--runner=DirectRunner"})
  void killInEachPhaseChangesNoSession(String runner) throws Exception {
    write(0, onTopic.size() / 2);
    Process archive = start("archive", archive(runner));
    await("archive", archive, () -> Files.exists(out.resolve("seam.json")));
    kill(archive);
    assertEquals(SessionizationJob.NOT_READY, SessionizationJob.run(stream(runner)));
    assertEquals(0, exitCode(start("archive", archive(runner))), () -> log("archive"));

    Process atOnce = start("atOnce", stream(runner));
    await("atOnce", atOnce, () -> log("atOnce").contains("seam " + SEAM));
    kill(atOnce);
    Process later = start("later", stream(runner, "--checkpointingInterval=1000"));
    await("later", later, () -> kafka.read("sessions").size() > 50);
    if (runner.contains("Flink")) { // which commits offsets of a topic that stands still
      await("later", later, this::isMostlyCommitted);
    }
    kill(later);

    write(onTopic.size() / 2, onTopic.size());
    assertEquals(
        0, exitCode(start("last", stream(runner, "--stopWhenDrained"))), () -> log("last"));
    assertTableIsThatOfModel();
    assertEquals(List.of(), kafka.read("late-visits"));
  }

  /** Before the first checkpoint, and after some. */
  @Test
  void killedTaskManagersChangeNoSession() throws Exception {
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(archive("--runner=DirectRunner")));
    write(0, onTopic.size() / 2);
    try (FlinkProcesses cluster =
        FlinkProcesses.start(Files.createDirectory(folder.resolve("flink")), "rocksdb")) {
      SessionizationJob.start(
          Flags.parse(
              stream(
                  "--runner=FlinkRunner",
                  "--flinkMaster=" + cluster.address(),
                  "--checkpointingInterval=500",
                  cluster.stagesNothing())));
      cluster.replaceOne();
      for (int kill = 0; kill < 3; kill++) {
        awaitCheckpoint(cluster);
        cluster.replaceOne();
      }
      finish(cluster);
    }
    assertTableIsThatOfModel();
  }

  /** As above; the first one loses all that was read of the open visits. */
  @Test
  void killedJobManagersChangeNoSession() throws Exception {
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(archive("--runner=DirectRunner")));
    write(0, onTopic.size() / 2);
    try (FlinkCluster cluster = FlinkCluster.start()) {
      SessionizationJob.start(
          Flags.parse(
              stream(
                  "--runner=FlinkRunner",
                  "--flinkMaster=" + cluster.address(),
                  "--checkpointingInterval=3000")));
      cluster.kill("jobmanager");
      cluster.revive();
      for (int kill = 0; kill < 2; kill++) {
        awaitCheckpoint(cluster);
        cluster.kill("jobmanager");
        cluster.revive();
      }
      finish(cluster);
    }
    assertTableIsThatOfModel();
  }

  /** Writes the other visits, and awaits the sessions of all. */
  private void finish(FlinkRest cluster) throws Exception {
    write(onTopic.size() / 2, onTopic.size());
    closeSessions();
    SortedMap<String, String> model =
        SessionsTable.ofSessions(ModelSessionizer.sessions(visits, GAP));
    FlinkCluster.await(
        "the sessions of the model", Duration.ofMinutes(3), () -> table().equals(model));
    awaitCheckpoint(cluster);
    cluster.cancelJobs();
  }

  private static void awaitCheckpoint(FlinkRest cluster) throws Exception {
    Duration patience = Duration.ofMinutes(3);
    FlinkCluster.await("a job that runs", patience, () -> cluster.runningJob().isPresent());
    int before = cluster.checkpoints();
    FlinkCluster.await("a checkpoint", patience, () -> cluster.checkpoints() > before);
  }

  /** Visits of much later move the watermark; the session that they form stays open. */
  private void closeSessions() throws Exception {
    byte[] later =
        VisitJson.write(
            new Visit("later", START.plus(Duration.ofDays(2)).toEpochMilli(), null, ""));
    for (int partition = 0; partition < 2; partition++) {
      kafka.writeVisits(partition, later);
    }
  }

  @Test
  void otherRulesAreNotReady() throws Exception {
    assertEquals(SessionizationJob.NOT_READY, SessionizationJob.run(stream()));
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(archive("--runner=DirectRunner")));
    assertEquals(SessionizationJob.NOT_READY, SessionizationJob.run(stream("--sessionGap=20m")));
    try (Stream<Path> files = Files.list(out)) {
      Path first =
          files
              .filter(file -> file.getFileName().toString().startsWith("open-visits"))
              .findFirst()
              .orElseThrow();
      Files.writeString(first, "{\"visit_id\":\"cut o");
    }
    assertEquals(SessionizationJob.NOT_READY, SessionizationJob.run(stream()));
  }

  /** The sessions of both jobs are on the topic. */
  @Test
  void archiveIsWrittenToTopic() throws Exception {
    write(0, onTopic.size());
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            kafka.flags(
                "--input=" + folder + "/in/*",
                "--seam=" + SEAM,
                "--openVisits=" + out,
                "--runner=DirectRunner")));
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(stream("--stopWhenDrained")));
    assertEquals(
        SessionsTable.ofSessions(ModelSessionizer.sessions(visits, GAP)),
        SessionsTable.of(kafka.read("sessions")));
  }

  private static boolean isFromSeamOn(Visit visit) {
    return visit.eventTimeMillis() >= SEAM.toEpochMilli();
  }

  private String[] archive(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of("--input=" + folder + "/in/*", "--seam=" + SEAM, "--output=" + out));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }

  private String[] stream(String... more) {
    List<String> flags = new ArrayList<>(List.of("--openVisits=" + out));
    flags.addAll(List.of(more));
    return kafka.flags(flags.toArray(String[]::new));
  }

  private void write(int from, int to) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(
          new ProducerRecord<>(
              kafka.topic("visits"), i % 2, null, VisitJson.write(onTopic.get(i))));
    }
    TestKafka.write(records);
  }

  private Process start(String name, String... flags) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "io.sessionizer.cli.Sessionizer",
                "run"));
    command.addAll(List.of(flags));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Whether the offsets are far behind the seam. */
  private boolean isMostlyCommitted() {
    try {
      return kafka.committed().values().stream()
              .filter(committed -> committed.offset() > onTopic.size() / 5)
              .count()
          == 2;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertTrue(process.waitFor(300, TimeUnit.SECONDS));
    return process.exitValue();
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void await(String name, Process process, BooleanSupplier done) throws Exception {
    while (!done.getAsBoolean()) {
      assertTrue(process.isAlive(), () -> log(name));
      new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
    }
  }

  private void assertTableIsThatOfModel() throws Exception {
    assertEquals(SessionsTable.ofSessions(ModelSessionizer.sessions(visits, GAP)), table());
  }

  /** The sessions in files and those on the topic, none of which is in both. */
  private SortedMap<String, String> table() throws IOException {
    SortedMap<String, String> table = new TreeMap<>(SessionsTable.of(kafka.read("sessions")));
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("sessions-")) {
          for (String line : Files.readAllLines(file)) {
            Session session = SessionJson.read(line.getBytes(UTF_8), 0);
            assertNull(table.put(session.id().toString(), line), "on the topic, and in a file");
          }
        }
      }
    }
    return table;
  }
}
