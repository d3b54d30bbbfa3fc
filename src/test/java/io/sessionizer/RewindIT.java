package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.testing.DrainedTraffic;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job that stops without its state, and another one that resumes from the group's offsets,
 * rewound: the table of sessions is that of one job that was never interrupted.
 */
@Timeout(600)
class RewindIT {
  private static final Duration LONGEST = Duration.ofMinutes(90);
  private static final int VISITS = 1_800;

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();
  private final List<GeneratedVisit> traffic = new ArrayList<>();
  private long newestMillis;

  /** Some eight hours. Records of the past must not be deleted before they are read. */
  @BeforeEach
  void traffic() throws Exception {
    kafka.create("visits", Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
    kafka.create("sessions", Map.of());
    kafka.create("late-visits", Map.of());
    kafka.create("dead-letters", Map.of());
    Instant start = Instant.parse("2024-01-01T00:00:00Z");
    new VisitGenerator(new Traffic(VISITS, 12, start, 11, DrainedTraffic.NONE_LATE))
        .forEachRemaining(traffic::add);
    for (Session session : model()) {
      assertTrue(session.endMillis() - session.startMillis() < LONGEST.toMillis());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--engine=windows", "--engine=stateful"})
  void upgradeWithoutStateKeepsSessionsOfModel(String engine) throws Exception {
    runUntilTheMiddle(engine);

    drainRewound(engine);
    assertTheTableIsThatOfTheModel();
    assertTheOldestSessionsWereLeft();
  }

  @Test
  void rewindByDurationKeepsSessionsOfModel() throws Exception {
    runUntilTheMiddle("--engine=stateful");

    drainRewound("--engine=stateful", "--startFrom=committed", "--rewind=PT2H30M");
    assertTheTableIsThatOfTheModel();
    assertTheOldestSessionsWereLeft();
  }

  @Test
  void killAndNewPartitionKeepSessionsOfModel() throws Exception {
    write(0, 1_200);
    runOnFlinkUntilAllIsCommittedAndKillIt();
    kafka.growVisitsTo(3);
    write(1_200, VISITS);

    drainRewound("--runner=FlinkRunner");
    assertTheTableIsThatOfTheModel();
    assertTrue(kafka.committed().get(2).offset() > 0);
  }

  @Test
  void jobStoppedDuringRewindIsRewoundAgain() throws Exception {
    runUntilTheMiddle("--engine=stateful");
    var before = kafka.committed();
    long records = kafka.read("sessions").size();
    PipelineResult again = start(rewound("--engine=stateful"));
    kafka.awaitRecords(
        "sessions",
        Math.toIntExact(records + 20),
        () -> assertEquals(PipelineResult.State.RUNNING, again.getState()));
    cancel(again);
    var after = kafka.committed();
    before.forEach(
        (partition, offset) -> assertTrue(after.get(partition).offset() >= offset.offset()));

    drainRewound("--engine=stateful");
    assertTheTableIsThatOfTheModel();
  }

  /** Writes visits, with the time at which they came: that of the newest so far. */
  private void write(int from, int to) throws Exception {
    String topic = kafka.topic("visits");
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (GeneratedVisit visit : traffic.subList(from, to)) {
      newestMillis = Math.max(newestMillis, visit.eventTimeMillis());
      records.add(new ProducerRecord<>(topic, null, newestMillis, visit.key(), visit.value()));
    }
    TestKafka.write(records);
  }

  /**
   * Writes all visits, and cancels a job when it has read half of them. On the DirectRunner a job
   * commits what it has read when it reads more: so they come bit by bit.
   */
  private void runUntilTheMiddle(String engine) throws Exception {
    PipelineResult job = start(engine, "--maxSessionDuration=" + LONGEST);
    int written = 0;
    while (!isHalfCommitted()) {
      assertEquals(PipelineResult.State.RUNNING, job.getState());
      assertTrue(written < VISITS, "all is written, and too little of it is committed");
      write(written, written + 25);
      written += 25;
      pause(400);
    }
    cancel(job);
    write(written, VISITS);
  }

  /** Of each partition a quarter of all visits. */
  private boolean isHalfCommitted() throws Exception {
    return kafka.committed().values().stream().filter(RewindIT::isHalfCommitted).count() == 2;
  }

  private static boolean isHalfCommitted(OffsetAndMetadata committed) {
    return committed.metadata().contains(" settled=")
        && CommittedOffset.of(committed).flushed() >= VISITS / 4;
  }

  /** As a user does: the jar says what Flink needs of Java. */
  private void runOnFlinkUntilAllIsCommittedAndKillIt() throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                Path.of("target", "sessionizer.jar").toString(),
                "run"));
    line.addAll(
        List.of(
            kafka.flags(
                "--runner=FlinkRunner",
                "--checkpointingInterval=1000",
                "--maxBundleTimeMills=200",
                "--maxSessionDuration=" + LONGEST,
                "--idleAfter=PT1H")));
    Process flink =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (committed() < 1_200 || !isHalfCommitted()) {
        assertFalse(flink.waitFor(100, TimeUnit.MILLISECONDS));
      }
    } finally {
      flink.destroyForcibly().waitFor();
    }
  }

  /** Between two polls of the broker. */
  private static void pause(long millis) throws InterruptedException {
    assertFalse(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS));
  }

  private long committed() throws Exception {
    return kafka.committed().values().stream().mapToLong(OffsetAndMetadata::offset).sum();
  }

  private PipelineResult start(String... flags) throws Exception {
    return SessionizationJob.start(Flags.parse(kafka.flags(flags)));
  }

  private static void cancel(PipelineResult job) throws Exception {
    job.cancel();
    job.waitUntilFinish();
  }

  private static String[] rewound(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("--maxSessionDuration=" + LONGEST));
    return all.toArray(String[]::new);
  }

  private void drainRewound(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--stopWhenDrained");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(kafka.flags(rewound(all.toArray(String[]::new)))));
  }

  private List<Session> model() throws RejectedVisitException {
    List<Visit> visits = DrainedTraffic.visits(traffic);
    return ModelSessionizer.sessions(visits, DrainedTraffic.GAP);
  }

  private void assertTheTableIsThatOfTheModel() throws RejectedVisitException {
    SortedMap<String, String> missing = SessionsTable.ofSessions(model());
    SortedMap<String, String> wrong = SessionsTable.of(kafka.read("sessions"));
    SortedMap<String, String> right = new TreeMap<>(missing);
    right.entrySet().retainAll(wrong.entrySet());
    missing.entrySet().removeAll(right.entrySet());
    wrong.entrySet().removeAll(right.entrySet());
    assertEquals(Map.of(), missing);
    assertEquals(Map.of(), wrong);
    assertEveryDeadLetterIsWrittenOnce();
    assertRevisionsOfEachRunAreUnique();
  }

  private void assertEveryDeadLetterIsWrittenOnce() {
    List<String> written = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.read("dead-letters")) {
      Map<String, String> headers = TestKafka.headers(letter);
      written.add(headers.get("source.partition") + "@" + headers.get("source.offset"));
    }
    assertEquals(
        traffic.stream().filter(visit -> visit.kind() == Category.MALFORMED).count(),
        Set.copyOf(written).size());
    assertEquals(Set.copyOf(written).size(), written.size(), "dead letters are written again");
  }

  private void assertRevisionsOfEachRunAreUnique() {
    List<String> revisions = new ArrayList<>();
    Set<String> runs = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("sessions")) {
      Map<String, String> headers = TestKafka.headers(record);
      runs.add(headers.get("run"));
      revisions.add(
          "%s %s %s"
              .formatted(
                  new String(record.key(), UTF_8), headers.get("run"), headers.get("revision")));
    }
    assertEquals(Set.copyOf(revisions).size(), revisions.size());
    assertTrue(runs.size() > 1);
  }

  /** Else the second job started at the first record. */
  private void assertTheOldestSessionsWereLeft() throws Exception {
    Map<String, Integer> records = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("sessions")) {
      records.merge(new String(record.key(), UTF_8), 1, Integer::sum);
    }
    List<Session> byStart =
        model().stream().sorted(Comparator.comparingLong(Session::startMillis)).toList();
    assertEquals(1, records.get(byStart.get(0).id().toString()));
    assertTrue(records.containsValue(2));
  }
}
