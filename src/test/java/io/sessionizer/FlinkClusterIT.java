package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.DrainedTraffic;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.KilledTraffic;
import io.sessionizer.testing.KilledTraffic.Victim;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job on a cluster as users start it, whose processes are killed. */
class FlinkClusterIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  /** How long a killed broker stays away at most. */
  private static final int MOST_SECONDS_AWAY = 5;

  /** Of all tests; whatever was killed was started again. */
  private static FlinkCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = FlinkCluster.start();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void nothingStaysBehind() throws Exception {
    cluster.cancelJobs();
    FlinkCluster.await(
        "free slots",
        Duration.ofMinutes(5),
        () -> cluster.get("overview").path("slots-available").asInt() == 2);
  }

  @Test
  void killedProcessesNeitherLoseNorRepeatSessions() throws Exception {
    TrafficMix noneLate = new TrafficMix(10, 0, 3, 2);
    KilledTraffic.KillOutcome outcome =
        kill(1, List.of(Victim.TASK_MANAGER, Victim.JOB_MANAGER), noneLate);
    assertEquals(0, outcome.lateRecords());
  }

  @Test
  void rocksdbKeepsAcceptedLateVisitsThroughKills() throws Exception {
    kill(
        2,
        List.of(Victim.BROKER, Victim.ALL),
        new TrafficMix(10, 3, 3, 2),
        "--stateBackend=rocksdb",
        "--stateBackendStoragePath=" + cluster.checkpointFolder().toUri());
  }

  @Test
  void savepointResumesWithMoreAndFewerSubtasks() throws Exception {
    try (KilledTraffic traffic =
        new KilledTraffic(
            cluster,
            new TrafficMix(10, 3, 3, 2),
            2_000,
            "--checkpointingInterval=2000",
            "--parallelism=1")) {
      traffic.rescale(cluster, 2);
      traffic.rescale(cluster, 1);
      System.out.println(traffic.finish());
      assertWindowsEngineRunsOnLiveTopic();
    }
  }

  private static void assertWindowsEngineRunsOnLiveTopic() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    String visit = "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\"}";
    kafka.writeVisits(
        0,
        visit.formatted("a", "00:00:00").getBytes(UTF_8),
        visit.formatted("b", "00:50:00").getBytes(UTF_8));
    FlinkCluster.await(
        "a free slot",
        Duration.ofMinutes(5),
        () -> cluster.get("overview").path("slots-available").asInt() > 0);
    SessionizationJob.start(
        Flags.parse(
            kafka.flags(
                "--runner=FlinkRunner",
                "--flinkMaster=" + cluster.address(),
                "--engine=windows",
                "--checkpointingInterval=500")));
    FlinkCluster.await("a session", Duration.ofMinutes(5), () -> !kafka.read("sessions").isEmpty());
    assertEquals("a@1704067200000", new String(kafka.read("sessions").get(0).key(), UTF_8));
    cluster.cancelJobs();
  }

  @Test
  void drainedJobCommitsThatAllIsWritten() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    DrainedTraffic.run(
            kafka, 2_000, 20, "--runner=FlinkRunner", "--flinkMaster=" + cluster.address())
        .assertGaveTheSessionsOfTheModelAndDeadLetters();
    assertEquals(2_000, kafka.committed().values().stream().mapToLong(o -> o.offset()).sum());
    assertTrue(kafka.committed().values().stream().allMatch(CommittedOffset::isDrained));
  }

  @Test
  void namesFullClusterAndCancelsJobOnSignal(@TempDir Path folder) throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.generate(new Traffic(400_000, 1_000, START, 1, TrafficMix.ALL_ON_TIME));
    String[] flags =
        kafka.flags(
            "--runner=FlinkRunner", "--flinkMaster=" + cluster.address(), "--stopWhenDrained");
    String job;
    try (Command run = Command.start(folder, List.of(), "run", flags)) {
      FlinkCluster.await(
          "a job that runs", Duration.ofMinutes(5), () -> cluster.runningJob().isPresent());
      job = cluster.runningJob().orElseThrow();
      assertEquals(
          "Flink at %s has no free slot (2 in all, 1 jobs running): stop a job, or start a TaskManager"
              .formatted(cluster.address()),
          assertThrows(NotReadyException.class, () -> SessionizationJob.start(Flags.parse(flags)))
              .getMessage());

      run.signal("TERM");
      assertEquals(143, run.exitCode(60), run.err());
      assertTrue(
          run.err().endsWith("stopping the job; sessions that are still open are not written\n"),
          run.err());
    }
    FlinkCluster.await(
        "a cancelled job",
        Duration.ofMinutes(5),
        () -> cluster.get("jobs/" + job).path("state").asText().equals("CANCELED"));
  }

  /** Kills at random moments. */
  private static KilledTraffic.KillOutcome kill(
      long seed, List<Victim> victims, TrafficMix mix, String... more) throws Exception {
    Random random = new Random(seed);
    List<String> flags = new ArrayList<>(List.of("--checkpointingInterval=2000"));
    flags.addAll(List.of(more));
    try (KilledTraffic traffic =
        new KilledTraffic(cluster, mix, 2_000, flags.toArray(String[]::new))) {
      for (Victim victim : victims) {
        Thread.sleep(random.nextInt(5_000));
        System.out.printf(
            "%s killed: all steps run again after %,d ms%n",
            victim,
            traffic
                .kill(cluster, victim, 1_000L * (1 + random.nextInt(MOST_SECONDS_AWAY)))
                .toMillis());
      }
      KilledTraffic.KillOutcome outcome = traffic.finish();
      System.out.println(outcome);
      return outcome;
    }
  }
}
