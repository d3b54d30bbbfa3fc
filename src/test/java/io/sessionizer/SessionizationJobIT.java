package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.testing.DrainedTraffic;
import io.sessionizer.testing.LargeSessions;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.OddRecords;
import io.sessionizer.testing.OddRecords.OddRecord;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.testing.TransactionScript;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The job, from a real broker to a real broker, on the DirectRunner. */
class SessionizationJobIT {
  /** A broker deletes records that are older than a week, by their own time. */
  private static final long RECENT_MILLIS = System.currentTimeMillis() - 3_600_000;

  private final TestKafka kafka = new TestKafka();

  @Test
  @Tag("quick")
  void drainsIntoSessionsOfModelAndDeadLetters() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 5_000, 100).assertGaveTheSessionsOfTheModelAndDeadLetters();
  }

  /** As on Dataflow's Runner v2, and with the windows engine, as there. */
  @Test
  void splittableReadKeepsSessionsOfModel() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(
            kafka,
            2_000,
            100,
            "--engine=windows",
            "--experiments=use_sdf_read,use_unbounded_sdf_wrapper")
        .assertGaveTheSessionsOfTheModelAndDeadLetters();
  }

  @Test
  void statefulEngineDrainsIntoSessionsOrLateVisits() throws Exception {
    kafka.createTopics();
    // Small batches, since what is read in one bundle is never late: the watermark moves after it.
    String smallBatches = "--consumerConfig=max.poll.records=10";
    DrainedTraffic.run(
            kafka, new TrafficMix(10, 5, 5, 1), 2_000, 20, "--engine=stateful", smallBatches)
        .assertGaveTheSessionsOfAcceptedVisitsAndTheRestIsLateOrDead();
  }

  @Test
  void deadLetterKeepsRecordWithReasonAndPosition() throws Exception {
    kafka.createTopics();
    byte[] key = {0, 1};
    byte[] value = {'{', (byte) 0xff};
    try (KafkaProducer<byte[], byte[]> producer = TestKafka.producer(Map.of())) {
      String topic = kafka.topic("visits");
      producer.send(new ProducerRecord<>(topic, 1, RECENT_MILLIS, key, value)).get();
      producer.send(new ProducerRecord<>(topic, 1, RECENT_MILLIS, key, (byte[]) null)).get();
    }
    assertEquals(
        SessionizationJob.NONE_ACCEPTED, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>(kafka.read("dead-letters"));
    letters.sort((a, b) -> offset(a).compareTo(offset(b)));
    assertArrayEquals(key, letters.get(0).key());
    assertArrayEquals(value, letters.get(0).value());
    Map<String, String> headers = TestKafka.headers(letters.get(0));
    assertEquals("the value is not UTF-8: 0xFF at byte 2", headers.remove("error.message"));
    assertEquals(
        Map.of(
            "error.reason", Reason.NOT_JSON.name(),
            "source.topic", kafka.topic("visits"),
            "source.partition", "1",
            "source.offset", "0",
            "source.timestamp", String.valueOf(RECENT_MILLIS)),
        headers);
    assertEquals(null, letters.get(1).value());
    assertEquals("EMPTY", TestKafka.headers(letters.get(1)).get("error.reason"));
    assertEquals(2, letters.size());
  }

  @Test
  void oddRecordsBecomeSessionsOrDeadLetters() throws Exception {
    kafka.createTopics(1);
    List<OddRecord> all = OddRecords.all();
    List<Visit> visits = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    for (OddRecord odd : all) {
      if (odd.reason() == null) {
        visits.add(new Visit(odd.visitId(), odd.millis(), null, null));
      } else {
        rejected.add(odd.name() + ": " + odd.reason());
      }
    }
    List<String> sessions = new ArrayList<>();
    for (Session session : ModelSessionizer.sessions(visits, Duration.ofMinutes(16))) {
      sessions.add(session.visitId() + "@" + session.startMillis());
    }
    String topic = kafka.topic("visits");
    TestKafka.write(
        all.stream()
            .map(odd -> new ProducerRecord<>(topic, odd.name().getBytes(UTF_8), odd.value()))
            .toList());
    assertEquals(
        0, SessionizationJob.run(kafka.flags("--stopWhenDrained", "--timeZone=Europe/Paris")));

    assertEquals(sorted(sessions), sorted(keys(kafka.read("sessions"))));
    List<String> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.read("dead-letters")) {
      String reason = TestKafka.headers(letter).get("error.reason");
      letters.add(new String(letter.key(), UTF_8) + ": " + reason);
    }
    assertEquals(sorted(rejected), sorted(letters));
  }

  @Test
  void cutsDeadLetterThatExceedsItsTopic() throws Exception {
    kafka.create("visits", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "4000000"));
    kafka.create("sessions", Map.of());
    kafka.create("late-visits", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "8000000"));
    kafka.create("dead-letters", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000"));
    byte[] large = new byte[2_000_000];
    Arrays.fill(large, (byte) 'x');
    kafka.writeVisits(0, large, visit("a", "2024-01-01T00:00:00Z"));

    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    ConsumerRecord<byte[], byte[]> letter = kafka.read("dead-letters").get(0);
    assertArrayEquals(Arrays.copyOf(large, 100_000 - (16 << 10)), letter.value());
    Map<String, String> headers = TestKafka.headers(letter);
    assertEquals("TOO_LARGE", headers.get("error.reason"));
    assertEquals("2000000", headers.get("original.bytes"));
    assertEquals(1, kafka.read("sessions").size());
  }

  @Test
  void deadLetterInSmallestTopicLosesValue() throws Exception {
    kafka.create("visits", Map.of());
    kafka.create("sessions", Map.of());
    kafka.create("late-visits", Map.of());
    kafka.create("dead-letters", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "16384"));
    kafka.writeVisits(0, "x".repeat(100_000).getBytes(UTF_8));

    assertEquals(
        SessionizationJob.NONE_ACCEPTED, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    ConsumerRecord<byte[], byte[]> letter = kafka.read("dead-letters").get(0);
    assertEquals(0, letter.serializedValueSize());
    assertEquals("100000", TestKafka.headers(letter).get("original.bytes"));
  }

  @Test
  void cutsSessionsAtLargestMessage() throws Exception {
    kafka.createTopics();
    LargeSessions.write(kafka);
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    LargeSessions.assertAreCut(kafka);
  }

  @Test
  void rejectsTopicsWithTooSmallMessages() throws Exception {
    kafka.create("visits", Map.of());
    kafka.create("sessions", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "899999"));
    kafka.create("late-visits", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "99999"));
    kafka.create("dead-letters", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "16383"));
    String[] flags = kafka.flags("--engine=stateful");
    NotReadyException e =
        assertThrows(NotReadyException.class, () -> SessionizationJob.start(Flags.parse(flags)));
    assertEquals(
        """
        topic %1$s accepts records of up to 899999 bytes (max.message.bytes), but the job may write 900000 (--maxSessionBytes): raise it with %4$s --entity-name %1$s --add-config max.message.bytes=8388608, or lower --maxSessionBytes
        topic %2$s accepts records of up to 99999 bytes (max.message.bytes), but the job may write 100000: raise it with %4$s --entity-name %2$s --add-config max.message.bytes=8388608
        topic %3$s accepts records of up to 16383 bytes (max.message.bytes), but the job may write 16384: raise it with %4$s --entity-name %3$s --add-config max.message.bytes=8388608\
        """
            .formatted(
                kafka.topic("sessions"),
                kafka.topic("late-visits"),
                kafka.topic("dead-letters"),
                "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics"
                    .formatted(TestKafka.address())),
        e.getMessage());
    assertEquals(SessionizationJob.NOT_READY, SessionizationJob.run(flags));
  }

  @Test
  void deadLettersFitMaxRequestSize() throws Exception {
    kafka.createTopics();
    byte[] large = new byte[1_000_000];
    Arrays.fill(large, (byte) 'x');
    kafka.writeVisits(0, large);

    assertEquals(
        SessionizationJob.NONE_ACCEPTED,
        SessionizationJob.run(
            kafka.flags("--stopWhenDrained", "--producerConfig=max.request.size=900000")));

    ConsumerRecord<byte[], byte[]> letter = kafka.read("dead-letters").get(0);
    assertArrayEquals(Arrays.copyOf(large, 900_000 - (16 << 10)), letter.value());
  }

  @Test
  void drainsTopicWrittenByTransactions() throws Exception {
    kafka.createTopics();
    try (KafkaProducer<byte[], byte[]> producer =
        TestKafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.topic("t")))) {
      producer.initTransactions();
      for (int minute = 0; minute < 3; minute++) {
        producer.beginTransaction();
        byte[] visit = visit("a", "2024-01-01T00:0" + minute + ":00Z");
        producer.send(new ProducerRecord<>(kafka.topic("visits"), 0, null, null, visit)).get();
        producer.commitTransaction();
      }
    }
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    assertEquals(List.of("a@1704067200000"), keys(kafka.read("sessions")));
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
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    assertEquals(List.of(), kafka.read("sessions"));
  }

  @Test
  void startFromChoosesFirstRecord() throws Exception {
    kafka.createTopics();
    try (KafkaProducer<byte[], byte[]> producer = TestKafka.producer(Map.of())) {
      String topic = kafka.topic("visits");
      byte[] first = visit("first", "2024-01-01T00:00:00Z");
      byte[] second = visit("second", "2024-01-01T00:00:00Z");
      producer.send(new ProducerRecord<>(topic, 0, RECENT_MILLIS, null, first)).get();
      producer.send(new ProducerRecord<>(topic, 0, RECENT_MILLIS + 1_000, null, second)).get();
    }
    Instant time = Instant.ofEpochMilli(RECENT_MILLIS + 1_000);
    assertEquals(List.of(), drained("--startFrom=latest"));
    assertEquals(List.of("second@1704067200000"), drained("--startFrom=" + time));
    assertEquals(
        List.of("first@1704067200000", "second@1704067200000", "second@1704067200000"),
        drained("--startFrom=earliest"));
  }

  @Test
  void nextJobResumesWhereDrainedJobStopped() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 300, 10);
    assertEquals(
        300, kafka.committed().values().stream().mapToLong(OffsetAndMetadata::offset).sum());
    SortedMap<String, String> before = SessionsTable.of(kafka.read("sessions"));
    kafka.writeVisits(0, visit("next", "2024-01-02T00:00:00Z"));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    SortedMap<String, String> after = SessionsTable.of(kafka.read("sessions"));
    assertEquals(Set.of("next@1704153600000"), difference(after.keySet(), before.keySet()));
    after.remove("next@1704153600000");
    assertEquals(before, after);
  }

  @Test
  void nextJobContinuesFlushedSession() throws Exception {
    kafka.createTopics(1);
    kafka.writeVisits(0, visit("a", "2024-01-01T00:00:00Z"), visit("a", "2024-01-01T00:10:00Z"));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    kafka.writeVisits(0, visit("a", "2024-01-01T00:20:00Z"));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    assertEquals(List.of("a@1704067200000", "a@1704067200000"), keys(sessions));
    assertTrue(
        new String(sessions.get(1).value(), UTF_8)
            .contains("\"duration_in_milliseconds\":1200000"));
    assertEquals(
        List.of("1", "1"),
        sessions.stream().map(s -> TestKafka.headers(s).get("revision")).toList());
    assertEquals(2, sessions.stream().map(s -> TestKafka.headers(s).get("run")).distinct().count());
  }

  @Test
  void rejectsOffsetsOfJobWithOtherSettings() throws Exception {
    kafka.createTopics();
    DrainedTraffic.run(kafka, 30, 3, "--sessionGap=20m");
    NotReadyException rejected =
        assertThrows(NotReadyException.class, () -> start("--engine=windows", "--sessionGap=16m"));
    assertEquals(
        ("the offsets of group %s belong to a job with --engine=stateful --sessionGap=20m, and this"
                + " job has --engine=windows --sessionGap=16m: use the flags of that job; or give"
                + " this one topics and a group of its own (--consumerConfig=group.id=NAME); or"
                + " continue with --takeOver")
            .formatted(kafka.group()),
        rejected.getMessage());
    assertEquals(
        SessionizationJob.NOT_READY,
        SessionizationJob.run(kafka.flags("--stopWhenDrained", "--maxPagesPerSession=7")));
    assertEquals(
        0,
        SessionizationJob.run(kafka.flags("--stopWhenDrained", "--sessionGap=16m", "--takeOver")));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained", "--sessionGap=16m")));
  }

  @Test
  void missingBrokerExitsNotReady() {
    assertEquals(
        SessionizationJob.NOT_READY, SessionizationJob.run("--bootstrapServers=127.0.0.1:1"));
  }

  private void start(String... flags) throws Exception {
    SessionizationJob.start(Flags.parse(kafka.flags(flags)));
  }

  private static Set<String> difference(Set<String> all, Set<String> others) {
    Set<String> difference = new TreeSet<>(all);
    difference.removeAll(others);
    return difference;
  }

  private List<String> drained(String startFrom) {
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained", startFrom)));
    return keys(kafka.read("sessions")).stream().sorted().toList();
  }

  private static List<String> sorted(List<String> texts) {
    return texts.stream().sorted().toList();
  }

  private static byte[] visit(String visitId, String eventTime) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"index\"}"
        .formatted(visitId, eventTime)
        .getBytes(UTF_8);
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(record -> new String(record.key(), UTF_8)).toList();
  }

  private static String offset(ConsumerRecord<byte[], byte[]> letter) {
    return TestKafka.headers(letter).get("source.offset");
  }
}
