package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.generator.TrafficMix;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.DrainedTraffic;
import io.sessionizer.testing.LargeSessions;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.testing.TransactionScript;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The job, from a real broker to a real broker, on Flink in this process. */
class FlinkRunnerIT {
  private static final String FLINK = "--runner=FlinkRunner";

  private final TestKafka kafka = new TestKafka();

  @Test
  @Tag("quick")
  void drainsIntoSessionsOfModelAndDeadLetters() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 20_000, 500, FLINK).assertGaveTheSessionsOfTheModelAndDeadLetters();
  }

  @Test
  void windowsEngineDrainsIntoSessionsOfModel() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 5_000, 100, FLINK, "--engine=windows")
        .assertGaveTheSessionsOfTheModelAndDeadLetters();
  }

  @Test
  void drainsLateVisitsIntoSessionsOrLateVisits() throws Exception {
    kafka.createTopics(1);
    DrainedTraffic.run(
            kafka,
            new TrafficMix(10, 5, 5, 1),
            200_000,
            2_000,
            FLINK,
            // However fast they are read, the watermark moves meanwhile: some come too late.
            "--consumerConfig=max.poll.records=500",
            "--maxBundleSize=100",
            "--autoWatermarkInterval=10")
        .assertGaveTheSessionsOfAcceptedVisitsAndTheRestIsLateOrDead();
  }

  @Test
  void rocksdbAndIdleSubtasksKeepSessionsOfModel() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 2_000, 100, FLINK, "--stateBackend=rocksdb", "--parallelism=3")
        .assertGaveTheSessionsOfTheModelAndDeadLetters();
  }

  /** Beam takes the cluster around this code, and there is none. */
  @Test
  void surroundingMasterCommitsWhereJobStopped() throws Exception {
    kafka.createTopics(1);
    kafka.writeVisits(0, visit("a", "2024-01-01T00:00:00Z"), visit("b", "2024-01-01T00:00:00Z"));
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            kafka.flags(
                FLINK,
                "--flinkMaster=[auto]",
                "--attachedMode=true",
                "--checkpointingInterval=-1",
                "--parallelism=1",
                "--stopWhenDrained")));
    assertEquals(
        List.of(2L), kafka.committed().values().stream().map(OffsetAndMetadata::offset).toList());
  }

  @Test
  void firstReaderMakesNoVisitOfOtherLate() throws Exception {
    kafka.createTopics();
    kafka.writeVisits(0, visit("a", "2024-01-02T00:00:00Z"));
    kafka.writeVisits(1, visit("b", "2024-01-01T00:00:00Z"));
    SessionizationJob.run(
        kafka.flags(FLINK, "--stopWhenDrained", "--parallelism=1", "--maxParallelism=2"));
    assertEquals(List.of(), kafka.read("late-visits"));
    assertEquals(2, kafka.read("sessions").size());
  }

  @Test
  void drainsTopicWithoutRecordsAtItsEnd() throws Exception {
    kafka.createTopics(3);
    byte[] deleted = visit("deleted", "2024-01-01T00:00:00Z");
    kafka.writeVisits(2, deleted, deleted, deleted, deleted, deleted);
    kafka.commit(kafka.group(), 2, 2);
    kafka.deleteVisits(2, 5);
    try (var transactions = new TransactionScript(kafka.topic("visits"))) {
      transactions.playFile("two-markers.txn", 0).playFile("aborted-tail.txn", 1);
    }
    String[] flags =
        kafka.flags(
            FLINK,
            "--stopWhenDrained",
            "--startFrom=committed",
            "--consumerConfig=isolation.level=read_committed");
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(flags));
    Set<String> keys = new TreeSet<>();
    kafka.read("sessions").forEach(session -> keys.add(new String(session.key(), UTF_8)));
    assertEquals(Set.of("a@1704067200000", "b@1704067201000"), keys);
    List<Long> committed =
        kafka.committed().values().stream().map(OffsetAndMetadata::offset).toList();
    assertEquals(List.of(4L, 5L, 5L), committed);
  }

  @Test
  void drainsEmptyTopicAtOnce() throws Exception {
    kafka.createTopics();
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(kafka.flags(FLINK, "--stopWhenDrained")));
    assertEquals(List.of(), kafka.read("sessions"));
  }

  @Test
  void nextJobResumesWhereDrainedJobStopped() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 300, 10, FLINK);
    assertEquals(
        300, kafka.committed().values().stream().mapToLong(OffsetAndMetadata::offset).sum());
    SortedMap<String, String> expected = SessionsTable.of(kafka.read("sessions"));
    kafka.writeVisits(0, visit("next", "2024-01-02T00:00:00Z"));
    assertEquals(0, SessionizationJob.run(kafka.flags(FLINK, "--stopWhenDrained")));
    SortedMap<String, String> table = SessionsTable.of(kafka.read("sessions"));
    assertNotNull(table.remove("next@1704153600000"));
    assertEquals(expected, table);
  }

  @Test
  void cutsSessionsAtLargestMessage() throws Exception {
    kafka.createTopics();
    LargeSessions.write(kafka);
    assertEquals(0, SessionizationJob.run(kafka.flags(FLINK, "--stopWhenDrained")));
    LargeSessions.assertAreCut(kafka);
  }

  @Test
  void failedWriteFailsJob() throws Exception {
    kafka.createTopics();
    PipelineResult job =
        SessionizationJob.start(Flags.parse(kafka.flags(FLINK, "--numberOfExecutionRetries=0")));
    kafka.configure("sessions", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100"));
    kafka.writeVisits(0, visit("a", "2024-01-01T00:00:00Z"), visit("b", "2024-01-01T01:00:00Z"));
    kafka.writeVisits(1, visit("c", "2024-01-01T01:00:00Z"));
    RuntimeException e = assertThrows(RuntimeException.class, job::waitUntilFinish);
    assertTrue(
        Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
            .anyMatch(cause -> cause instanceof RecordTooLargeException),
        e::toString);
  }

  private static byte[] visit(String visitId, String eventTime) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\"}"
        .formatted(visitId, eventTime)
        .getBytes(UTF_8);
  }
}
