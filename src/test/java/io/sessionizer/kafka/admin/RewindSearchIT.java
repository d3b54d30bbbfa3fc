package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.TestKafka;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where a rewound job starts, and which sessions it leaves. Sessions last ten minutes at most, and
 * visits are at most half a minute out of order, so a rewind takes at least 13 minutes.
 */
class RewindSearchIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private final TestKafka kafka = new TestKafka();
  private TopicPartition first;
  private TopicPartition second;

  @BeforeEach
  void createTopic() throws Exception {
    kafka.create("visits", Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
    first = new TopicPartition(kafka.topic("visits"), 0);
    second = new TopicPartition(kafka.topic("visits"), 1);
  }

  @Test
  void startsAtFirstRecentRecord() throws Exception {
    writeEveryMinute(first, 0, 60);
    commit(Map.of(first, 50L));
    // Minute 49 was read, so the last one not to be read again is minute 28.
    assertEquals(
        rewind(Map.of(first, 29L, second, 0L), Map.of(first, flushed(50L)), 28), find("PT20M"));
  }

  @Test
  void uncommittedPartitionStartsAtBeginning() throws Exception {
    writeEveryMinute(first, 0, 60);
    TestKafka.write(List.of(visit(second, 40, 40)));
    commit(Map.of(first, 60L));
    assertEquals(
        rewind(Map.of(first, 20L, second, 0L), Map.of(first, flushed(60L)), 19), find("PT20M"));
  }

  @Test
  void slowestPartitionCountsEvenIfIdle() throws Exception {
    writeEveryMinute(first, 0, 60);
    writeEveryMinute(second, 10, 41);
    commit(Map.of(first, 60L, second, 31L));
    assertEquals(
        rewind(
            Map.of(first, 20L, second, 10L), Map.of(first, flushed(60L), second, flushed(31L)), 19),
        find("PT20M"));
  }

  @Test
  void beginningOfTopicCutsNoSession() throws Exception {
    writeEveryMinute(first, 0, 15);
    commit(Map.of(first, 15L));
    assertEquals(
        Rewind.of(Map.of(first, 0L, second, 0L), Map.of(first, flushed(15L)), null), find("PT20M"));
  }

  @Test
  void firstRecordsReplaceDeletedOnes() throws Exception {
    writeEveryMinute(first, 0, 60);
    commit(Map.of(first, 60L));
    deleteBefore(30);
    // The first ten: minutes 30 to 39.
    assertEquals(
        rewind(Map.of(first, 30L, second, 0L), Map.of(first, flushed(60L)), 39), find("PT40M"));
  }

  @Test
  void deletedOffsetIsBeginning() throws Exception {
    writeEveryMinute(first, 0, 60);
    commit(Map.of(first, 10L));
    deleteBefore(30);
    assertEquals(
        List.of(tooShort("20m", "2024-01-01T00:39:00Z", "2024-01-01T00:39:00Z")),
        problems("PT20M"));
  }

  @Test
  void skipsRejectedRecords() throws Exception {
    writeEveryMinute(first, 0, 39);
    TestKafka.write(
        Collections.nCopies(
            1_500, new ProducerRecord<>(first.topic(), 0, millis(38), null, new byte[] {'x'})));
    writeEveryMinute(first, 39, 60);
    commit(Map.of(first, 1_560L));
    assertEquals(
        rewind(Map.of(first, 1_539L, second, 0L), Map.of(first, flushed(1_560L)), 38),
        find("PT20M"));
  }

  @Test
  void startsBeforeFlushedOffset() throws Exception {
    writeEveryMinute(first, 0, 60);
    try (var consumer = consumer()) {
      consumer.commitSync(
          Map.of(first, new CommittedOffset(60, 50).in(new OffsetAndMetadata(60, "metadata"))));
    }
    assertEquals(
        rewind(Map.of(first, 29L, second, 0L), Map.of(first, new CommittedOffset(60, 50)), 28),
        find("PT20M"));
  }

  @Test
  void rewindsNothingWithoutOffsets() throws Exception {
    writeEveryMinute(first, 0, 5);
    assertEquals(Rewind.NONE, find("PT20M"));
  }

  @Test
  void rejectsTooShortRewind() throws Exception {
    TestKafka.write(
        IntStream.range(0, 60).mapToObj(minute -> visit(first, 2 * minute, minute)).toList());
    commit(Map.of(first, 60L));
    assertEquals(
        List.of(tooShort("20m", "2024-01-01T00:59:00Z", "2024-01-01T00:48:00Z")),
        problems("PT20M"));
  }

  @Test
  void logsStartAndLeftSessions() {
    assertEquals(
        "reads again from {v-0=29 (committed: 50), v-1=0 (nothing committed)}; sessions that start"
            + " before 2024-01-01T00:29:30Z are left as they are",
        rewind(
                Map.of(new TopicPartition("v", 0), 29L, new TopicPartition("v", 1), 0L),
                Map.of(new TopicPartition("v", 0), flushed(50L)),
                28)
            .toString());
  }

  private static String tooShort(String rewind, String from, String to) {
    return ("--rewind=%s: goes back from visits of %s to visits of %s only, but a session may last"
            + " 13m (--maxSessionDuration + 2 * --sessionGap + --allowedLateness + 2 *"
            + " --maxOutOfOrderness): rewind further; or, if the topic goes back no further, leave"
            + " it out")
        .formatted(rewind, from, to);
  }

  /** The rewind if the visit in {@code newestBefore} is the newest that is not read again. */
  private static Rewind rewind(
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, CommittedOffset> committed,
      int newestBefore) {
    return Rewind.of(starts, committed, Instant.ofEpochMilli(millis(newestBefore) + 90_000));
  }

  private static CommittedOffset flushed(long offset) {
    return CommittedOffset.of(offset);
  }

  private Rewind find(String rewind) throws Exception {
    return check().rewind(settings(rewind));
  }

  private List<String> problems(String rewind) {
    return assertThrows(BadFlagsException.class, () -> find(rewind)).problems();
  }

  private Settings settings(String rewind) throws BadFlagsException {
    return Flags.parse(
            kafka.flags(
                "--startFrom=committed",
                "--rewind=" + rewind,
                "--maxSessionDuration=PT10M",
                "--sessionGap=PT1M",
                "--allowedLateness=PT0S",
                "--maxOutOfOrderness=PT30S"))
        .settings();
  }

  private static TopicCheck check() {
    return new TopicCheck(TestKafka.address(), Map.of(), "--consumerConfig");
  }

  private static KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, ReadVisits.GROUP);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void commit(Map<TopicPartition, Long> offsets) {
    check().commit(offsets);
  }

  private static void writeEveryMinute(TopicPartition partition, int from, int to)
      throws Exception {
    TestKafka.write(
        IntStream.range(from, to).mapToObj(minute -> visit(partition, minute, minute)).toList());
  }

  private void deleteBefore(long offset) throws Exception {
    try (Admin admin = Admin.create(TestKafka.config())) {
      admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(offset))).all().get();
    }
  }

  private static long millis(int minute) {
    return START.plusSeconds(60L * minute).toEpochMilli();
  }

  /** A visit in one minute that is written in another one. */
  private static ProducerRecord<byte[], byte[]> visit(
      TopicPartition partition, int writtenIn, int minute) {
    byte[] value =
        "{\"visit_id\":\"a\",\"event_time\":\"%s\"}"
            .formatted(Instant.ofEpochMilli(millis(minute)))
            .getBytes(UTF_8);
    return new ProducerRecord<>(
        partition.topic(), partition.partition(), millis(writtenIn), null, value);
  }
}
