package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.kafka.ByteLimitedConsumer;
import io.sessionizer.testing.CapturedLog;
import io.sessionizer.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Visits are written once a minute to one of two partitions. */
class WrittenSessionsIT {
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final TestKafka kafka = new TestKafka();
  private TopicPartition first;
  private TopicPartition second;

  @BeforeEach
  void createTopics() throws Exception {
    Map<String, String> forever = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
    kafka.create("visits", forever);
    kafka.create("sessions", forever);
    first = new TopicPartition(kafka.topic("visits"), 0);
    second = new TopicPartition(kafka.topic("visits"), 1);
    List<ProducerRecord<byte[], byte[]>> visits = new ArrayList<>();
    for (int minute = 0; minute < 60; minute++) {
      visits.add(
          new ProducerRecord<>(first.topic(), 0, START + minute * MINUTE, null, new byte[] {'{'}));
    }
    TestKafka.write(visits);
  }

  private void write(int partition, int minute, String key, @Nullable String value)
      throws Exception {
    TestKafka.write(
        List.of(
            new ProducerRecord<>(
                kafka.topic("sessions"),
                partition,
                START + minute * MINUTE,
                key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8))));
  }

  private int find(long mostRecords, Map<TopicPartition, Long> starts) {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    try (ByteLimitedConsumer consumer = new ByteLimitedConsumer(config)) {
      return new WrittenSessions(consumer, mostRecords)
          .find(kafka.topic("sessions"), starts)
          .size();
    }
  }

  @Test
  void findsSessionsWrittenSinceVisits() throws Exception {
    write(0, 19, "v@1", "{}");
    write(1, 20, "v@2", "{}");
    write(0, 40, "w@3", "{}");
    assertEquals(2, find(100, Map.of(first, 30L, second, 0L)));
    assertEquals(3, find(100, Map.of(first, 0L, second, 0L)));
  }

  @Test
  void ignoresRetractedSessionsAndOtherRecords() throws Exception {
    write(0, 30, "v@1", "{}");
    write(0, 31, "v@2", "{}");
    write(0, 32, "v@1", null);
    write(0, 33, "v@2", null);
    write(0, 34, "v@2", "{}");
    write(0, 35, "another program's", "{}");
    assertEquals(1, find(100, Map.of(first, 30L)));
  }

  @Test
  void findsNoneIfNothingIsReadAgain() throws Exception {
    write(0, 40, "v@1", "{}");
    assertEquals(0, find(100, Map.of(first, 60L, second, 0L)));
    assertEquals(0, find(100, Map.of()));
  }

  @Test
  void readsOnlyNewestRecords() throws Exception {
    for (int i = 0; i < 10; i++) {
      write(0, 30 + i, "v@" + i, "{}");
    }
    write(1, 30, "w@0", "{}");
    try (CapturedLog log = CapturedLog.start()) {
      assertEquals(11, find(20, Map.of(first, 30L)));
      assertEquals(List.of(), log.warnings(WrittenSessions.class));
      assertEquals(5, find(8, Map.of(first, 30L)));
      assertEquals(
          List.of(
              "more than 8 records were written to %s since 2024-01-01T00:20:00Z, when the first of the visits that are read again was: a session of an earlier record is not retracted if new visits merge it into another one, or start it earlier"
                  .formatted(kafka.topic("sessions"))),
          log.warnings(WrittenSessions.class));
    }
  }
}
