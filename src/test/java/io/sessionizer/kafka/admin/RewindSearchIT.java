package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.JobFingerprint;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
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
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
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
        rewind(Map.of(first, 29L, second, 0L), Map.of(first, flushed(50L)), 28, 49), find("PT20M"));
  }

  @Test
  void uncommittedPartitionStartsAtBeginning() throws Exception {
    writeEveryMinute(first, 0, 60);
    TestKafka.write(List.of(visit(second, 40, 40)));
    commit(Map.of(first, 60L));
    assertEquals(
        rewind(Map.of(first, 20L, second, 0L), Map.of(first, flushed(60L)), 19, 40), find("PT20M"));
  }

  @Test
  void slowestPartitionCountsEvenIfIdle() throws Exception {
    writeEveryMinute(first, 0, 60);
    writeEveryMinute(second, 10, 41);
    commit(Map.of(first, 60L, second, 31L));
    assertEquals(
        rewind(
            Map.of(first, 20L, second, 10L),
            Map.of(first, flushed(60L), second, flushed(31L)),
            19,
            40),
        find("PT20M"));
  }

  @Test
  void beginningOfTopicCutsNoSession() throws Exception {
    writeEveryMinute(first, 0, 15);
    commit(Map.of(first, 15L));
    assertEquals(
        Rewind.of(Map.of(first, 0L, second, 0L), Map.of(first, flushed(15L)), null, null),
        find("PT20M"));
  }

  @Test
  void firstRecordsReplaceDeletedOnes() throws Exception {
    writeEveryMinute(first, 0, 60);
    commit(Map.of(first, 60L));
    deleteBefore(30);
    // The first ten: minutes 30 to 39.
    assertEquals(
        rewind(Map.of(first, 30L, second, 0L), Map.of(first, flushed(60L)), 39, 59), find("PT40M"));
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
        rewind(Map.of(first, 1_539L, second, 0L), Map.of(first, flushed(1_560L)), 38, 59),
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
        rewind(Map.of(first, 29L, second, 0L), Map.of(first, new CommittedOffset(60, 50)), 28, 49),
        find("PT20M"));
  }

  @Test
  void rewindsNothingWithoutOffsets() throws Exception {
    writeEveryMinute(first, 0, 5);
    assertEquals(Rewind.NONE, find("PT20M"));
  }

  @Test
  void saysWhyNothingIsCommitted() throws Exception {
    kafka.create("sessions", Map.of());
    assertEquals(
        "group %s is new: visits are read from the beginning of the topic".formatted(kafka.group()),
        check().whyNothingIsCommitted(settings(null)));
    TestKafka.write(List.of(new ProducerRecord<>(kafka.topic("sessions"), new byte[] {'{'})));
    assertEquals(
        ("group %s has committed no offsets, though there are records on %s: a job that was stopped"
                + " before its first commit wrote these, or a job of another group, or the group's"
                + " offsets have expired; visits are read from the beginning of the topic")
            .formatted(kafka.group(), kafka.topic("sessions")),
        check().whyNothingIsCommitted(settings(null)));
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

  /** Without a rewind by the user. Most visits are sessions of their own. */
  @Nested
  class AsFarAsOpenSessions {
    private static final int VISITS = 5_000;

    @Test
    void startsBehindClosedSessions() throws Exception {
      writeEverySecond(0, VISITS, second -> "v" + second);
      commit(Map.of(first, (long) VISITS));
      Rewind rewind = findWithoutRewind();
      // Visits of second 4,968 - 2 * 60 may be of a session that a visit of 4,968 - 60 changes.
      assertEquals(Map.of(first, 4_700L, second, 0L), rewind.starts());
      assertEquals(at(4_699 + 90), rewind.completeFrom());
      assertEquals(at(4_969 - 60, 1), rewind.writtenUntil());
      assertEquals(
          "reads 300 records again, from {%s=4700 (committed: 5000), %s=0 (nothing committed)};"
                  .formatted(first, second)
              + " sessions that start before 2024-01-01T01:19:49Z are left as they are",
          rewind.toString());
    }

    @Test
    void startsBeforeOpenSession() throws Exception {
      writeEverySecond(
          0, VISITS, second -> second % 30 == 0 && second > 2_500 ? "a" : "v" + second);
      commit(Map.of(first, (long) VISITS));
      Rewind rewind = findWithoutRewind();
      assertEquals(2_400L, rewind.starts().get(first));
      assertEquals(at(2_399 + 90), rewind.completeFrom());
      assertFalse(rewind.isTopicShorter());
    }

    @Test
    void capsBoundSessionWithoutPause() throws Exception {
      writeEverySecond(0, VISITS, second -> second % 30 == 0 ? "a" : "v" + second);
      commit(Map.of(first, (long) VISITS));
      // Sessions last 10 minutes here, which with the rest is 13.
      assertEquals(4_100L, find(null).starts().get(first));
    }

    @Test
    void startsAtBeginningOfShorterTopic() throws Exception {
      writeEverySecond(0, VISITS, second -> second % 30 == 0 && second > 500 ? "a" : "v" + second);
      commit(Map.of(first, (long) VISITS));
      deleteBefore(1_234);
      Rewind rewind = findWithoutRewind();
      assertEquals(1_234L, rewind.starts().get(first));
      assertTrue(rewind.isTopicShorter());
      assertTrue(
          rewind
              .toString()
              .endsWith(
                  "the topic no longer has all visits of the sessions that were open: those that"
                      + " start before 2024-01-01T00:22:13Z may be cut off"),
          rewind::toString);
    }

    @Test
    void startsAtDeletedOffset() throws Exception {
      writeEverySecond(0, 2_000, second -> "v" + second);
      commit(Map.of(first, 1_000L));
      deleteBefore(1_500);
      Rewind rewind = findWithoutRewind();
      assertEquals(Map.of(first, 1_000L, second, 0L), rewind.starts());
      assertEquals(flushed(1_000L), rewind.committed().get(first));
      assertTrue(rewind.isTopicShorter());
    }

    @Test
    void deletedOffsetOfEmptyPartitionIsStart() throws Exception {
      writeEverySecond(0, 10, second -> "v" + second);
      commit(Map.of(first, 2L));
      deleteBefore(10);
      assertEquals(Map.of(first, 2L, second, 0L), findWithoutRewind().starts());
    }

    @Test
    void startsAtOnlyOpenSession() throws Exception {
      writeEverySecond(0, 2_000, second -> "v" + second);
      TestKafka.write(List.of(visit(first, 600, 600), visit(second, 600, 600)));
      commit(Map.of(first, 2_001L, second, 1L));
      Rewind rewind = findWithoutRewind();
      assertEquals(Map.of(first, 2_000L, second, 0L), rewind.starts());
    }

    @Test
    void partitionIdleForLongDoesNotCount() throws Exception {
      writeEverySecond(0, VISITS, second -> "v" + second);
      TestKafka.write(List.of(visit(second, 1, 1)));
      long now = millis(100);
      try (var consumer = consumer()) {
        consumer.commitSync(
            Map.of(
                first,
                progress(VISITS, false, now, now),
                second,
                progress(1, true, now - Duration.ofHours(1).toMillis(), now)));
      }
      assertEquals(4_700L, findWithoutRewind().starts().get(first));
      try (var consumer = consumer()) {
        consumer.commitSync(Map.of(second, progress(1, true, now - 60_000, now)));
      }
      assertEquals(0L, findWithoutRewind().starts().get(first));
    }

    private OffsetAndMetadata progress(long offset, boolean idle, long lastRecordAt, long now) {
      return new OffsetAndMetadata(
          offset,
          "sessionizer/1 %s 0 %s 0 %s %s settled=%s"
              .formatted(new UUID(0, 1), lastRecordAt, idle, now, offset));
    }

    private Rewind findWithoutRewind() throws Exception {
      return find(null, "--maxSessionDuration=PT2H");
    }

    private void writeEverySecond(int from, int to, IntFunction<String> visitId) throws Exception {
      TestKafka.write(
          IntStream.range(from, to)
              .mapToObj(
                  second ->
                      new ProducerRecord<byte[], byte[]>(
                          first.topic(),
                          first.partition(),
                          null,
                          "{\"visit_id\":\"%s\",\"event_time\":\"%s\"}"
                              .formatted(visitId.apply(second), at(second))
                              .getBytes(UTF_8)))
              .toList());
    }

    private static Instant at(int second) {
      return START.plusSeconds(second);
    }

    private static Instant at(int second, int millis) {
      return at(second).plusMillis(millis);
    }
  }

  @Test
  void logsStartAndLeftSessions() {
    assertEquals(
        "reads 21 records again, from {v-0=29 (committed: 50), v-1=0 (nothing committed)}; sessions that start"
            + " before 2024-01-01T00:29:30Z are left as they are",
        rewind(
                Map.of(new TopicPartition("v", 0), 29L, new TopicPartition("v", 1), 0L),
                Map.of(new TopicPartition("v", 0), flushed(50L)),
                28,
                49)
            .toString());
  }

  private static String tooShort(String rewind, String from, String to) {
    return ("--rewind=%s: goes back from visits of %s to visits of %s only, but a session may last"
            + " 13m (--maxSessionDuration + 2 * --sessionGap + --allowedLateness + 2 *"
            + " --maxOutOfOrderness): rewind further; or, if the topic goes back no further, leave"
            + " it out")
        .formatted(rewind, from, to);
  }

  /**
   * The rewind if the visit in {@code newestBefore} is the newest that is not read again, and the
   * one in {@code reached} the newest that was processed.
   */
  private static Rewind rewind(
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, CommittedOffset> committed,
      int newestBefore,
      int reached) {
    return Rewind.of(
        starts,
        committed,
        Instant.ofEpochMilli(millis(newestBefore) + 90_000),
        Instant.ofEpochMilli(millis(reached) - 30_000));
  }

  private static CommittedOffset flushed(long offset) {
    return CommittedOffset.of(offset);
  }

  private Rewind find(@Nullable String rewind, String... more) throws Exception {
    return check().rewind(settings(rewind, more));
  }

  private List<String> problems(String rewind) {
    return assertThrows(BadFlagsException.class, () -> find(rewind)).problems();
  }

  private Settings settings(@Nullable String rewind, String... more) throws BadFlagsException {
    List<String> flags =
        new ArrayList<>(
            List.of("--sessionGap=PT1M", "--allowedLateness=PT0S", "--maxOutOfOrderness=PT30S"));
    flags.addAll(more.length == 0 ? List.of("--maxSessionDuration=PT10M") : List.of(more));
    if (rewind != null) {
      flags.addAll(List.of("--startFrom=committed", "--rewind=" + rewind));
    }
    return Flags.parse(kafka.flags(flags.toArray(String[]::new))).settings();
  }

  private TopicCheck check() {
    return new TopicCheck(
        TestKafka.address(), Map.of("group.id", kafka.group()), "--consumerConfig");
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.group());
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void commit(Map<TopicPartition, Long> offsets) {
    check().commit(offsets, new JobFingerprint(""));
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
