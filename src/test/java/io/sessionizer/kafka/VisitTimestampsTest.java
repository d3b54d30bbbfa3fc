package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.Batches;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Timestamps and watermarks for KafkaIO; their rules are in {@link PartitionWatermarksTest}. */
class VisitTimestampsTest {
  private static final java.time.Instant NOW = java.time.Instant.parse("2026-11-01T00:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final TopicPartition P0 = new TopicPartition("visits", 0);
  private static final TopicPartition P1 = new TopicPartition("visits", 1);

  private final VisitTimestamps timestamps =
      new VisitTimestamps(
          UUID.randomUUID(),
          Long.MAX_VALUE,
          new WatermarkRules(
              Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false),
          CLOCK);

  @Test
  void visitSetsTimestampAndWatermark() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    assertEquals(
        Instant.parse("2024-01-01T00:10:00Z"),
        policy.getTimestampForRecord(backlog(5), record("2024-01-01T00:10:00Z")));
    assertEquals(Instant.parse("2024-01-01T00:09:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void batchHasOldestTimestampAndNewestWatermark() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    assertEquals(
        Instant.parse("2024-01-01T00:08:00Z"),
        policy.getTimestampForRecord(
            backlog(5),
            record(
                "2024-01-01T00:10:00Z",
                "yesterday",
                "2024-01-01T00:20:00Z",
                "2024-01-01T00:08:00Z")));
    assertEquals(Instant.parse("2024-01-01T00:19:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void batchWithLateVisitHasWatermarkBeforeIt() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    policy.getTimestampForRecord(backlog(5), record("2024-01-01T00:10:00Z"));
    assertEquals(
        Instant.parse("2024-01-01T00:09:00Z"),
        policy.getTimestampForRecord(
            backlog(5),
            record("2024-01-01T00:02:00Z", "2024-01-01T00:10:00Z", "2024-01-01T01:00:00Z")));
    assertEquals(Instant.parse("2024-01-01T00:59:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void visitOfYear2999AdvancesNoWatermark() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    policy.getTimestampForRecord(backlog(5), record("2024-01-01T00:10:00Z"));
    assertEquals(
        Instant.parse("2024-01-01T00:09:00Z"),
        policy.getTimestampForRecord(backlog(5), record("2999-01-01T00:00:00Z")));
    assertEquals(Instant.parse("2024-01-01T00:09:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void fastClockAdvancesToWallClock() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    policy.getTimestampForRecord(backlog(5), record("2026-11-01T00:50:00Z"));
    assertEquals(Instant.parse("2026-10-31T23:59:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void appendTimeIsClock() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    policy.getTimestampForRecord(
        backlog(5), record(appended("2024-01-01T00:02:00Z"), "2024-01-01T00:52:00Z"));
    assertEquals(Instant.parse("2024-01-01T00:01:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void createTimeIsNoClock() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    policy.getTimestampForRecord(
        backlog(5), record(Times.CREATED_LONG_AGO, "2024-01-01T00:52:00Z"));
    assertEquals(Instant.parse("2024-01-01T00:51:00Z"), policy.getWatermark(backlog(5)));
  }

  @Test
  void rejectedRecordIsNeverLate() {
    TimestampPolicy<byte[], ConsumedBatch> policy = policy(timestamps, P0);
    assertEquals(
        BoundedWindow.TIMESTAMP_MIN_VALUE,
        policy.getTimestampForRecord(backlog(5), record("yesterday")));
  }

  @Test
  void filteredRecordsEndNoSilence() {
    TimestampPolicy<byte[], ConsumedBatch> busy = policy(timestamps, P0);
    TimestampPolicy<byte[], ConsumedBatch> filtered = policy(timestamps, P1);
    busy.getTimestampForRecord(backlog(5), record("2024-01-01T00:10:00Z"));
    filtered.getTimestampForRecord(backlog(5), record("2024-01-01T00:05:00Z"));
    var later = new Context(0, NOW.plusSeconds(30));
    assertEquals(
        Instant.parse("2024-01-01T00:04:00Z"),
        filtered.getTimestampForRecord(
            later,
            record(Times.CREATED_LONG_AGO, new ConsumedBatch(List.of(), List.of(), 7, 0, 0, 0))));
    assertEquals(Instant.parse("2024-01-01T00:09:00Z"), filtered.getWatermark(later));
  }

  @Test
  void resumesAtWatermarkOfCheckpoint() {
    Instant restored = Instant.parse("2024-01-01T00:05:00Z");
    assertEquals(
        restored,
        timestamps.createTimestampPolicy(P0, Optional.of(restored)).getWatermark(backlog(5)));
  }

  @Test
  void copiesOfFactoryHaveOneProgress() {
    TimestampPolicy<byte[], ConsumedBatch> busy = policy(SerializableUtils.clone(timestamps), P0);
    TimestampPolicy<byte[], ConsumedBatch> idle = policy(SerializableUtils.clone(timestamps), P1);
    busy.getTimestampForRecord(backlog(5), record("2024-01-01T00:10:00Z"));
    assertEquals(
        Instant.parse("2024-01-01T00:09:00Z"),
        idle.getWatermark(new Context(0, NOW.plusSeconds(30))));
  }

  private static TimestampPolicy<byte[], ConsumedBatch> policy(
      VisitTimestamps timestamps, TopicPartition partition) {
    return timestamps.createTimestampPolicy(partition, Optional.empty());
  }

  /** The timestamp of a Kafka record. */
  private record Times(long timestamp, KafkaTimestampType type) {
    static final Times CREATED_LONG_AGO = new Times(0, KafkaTimestampType.CREATE_TIME);
  }

  private static Times appended(String time) {
    return new Times(Instant.parse(time).getMillis(), KafkaTimestampType.LOG_APPEND_TIME);
  }

  static KafkaRecord<byte[], ConsumedBatch> record(String... eventTimes) {
    return record(Times.CREATED_LONG_AGO, eventTimes);
  }

  private static KafkaRecord<byte[], ConsumedBatch> record(Times times, String... eventTimes) {
    VisitParser parser = new VisitParser(1 << 20, Duration.ofHours(1), CLOCK);
    List<ConsumedRecord> records = new ArrayList<>();
    for (String eventTime : eventTimes) {
      String json = "{\"visit_id\":\"a\",\"event_time\":\"%s\"}".formatted(eventTime);
      Provenance provenance = new Provenance(new SourcePosition("visits", 0, records.size()), 0);
      records.add(new ConsumedRecord(provenance, null, parser.parse(json.getBytes(UTF_8))));
    }
    return record(times, Batches.of(records));
  }

  private static KafkaRecord<byte[], ConsumedBatch> record(Times times, ConsumedBatch batch) {
    return new KafkaRecord<>(
        "visits", 0, 0, times.timestamp(), times.type(), null, new byte[0], batch);
  }

  static TimestampPolicy.PartitionContext backlog(long messages) {
    return new Context(messages, NOW);
  }

  static final class Context extends TimestampPolicy.PartitionContext {
    private final long backlog;
    private final Instant checkedAt;

    Context(long backlog, java.time.Instant checkedAt) {
      this.backlog = backlog;
      this.checkedAt = Instant.ofEpochMilli(checkedAt.toEpochMilli());
    }

    @Override
    public long getMessageBacklog() {
      return backlog;
    }

    @Override
    public Instant getBacklogCheckTime() {
      return checkedAt;
    }
  }
}
