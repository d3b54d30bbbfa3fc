package io.sessionizer.kafka;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.Visit;
import java.time.Clock;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;

/**
 * Takes event times from the visits and the watermark from {@link PartitionWatermarks}. KafkaIO's
 * own policies do neither: a partition that was never written holds the job back for ever
 * (apache/beam#20908), and a drained one jumps to the wall clock, which makes all that follows in
 * replayed data late.
 */
final class VisitTimestamps implements TimestampPolicyFactory<byte[], List<ConsumedRecord>> {
  private static final long serialVersionUID = 1L;

  /** The job's id in the settings of its consumers. */
  static final String JOB = "sessionizer.job";

  /**
   * By job, because the runner gives every split a copy of this factory, and the splits of one JVM
   * have to see each other to tell an idle partition from an idle topic. One entry per job and JVM;
   * those of other JVMs are heard of by {@link PeerProgress}.
   */
  private static final ConcurrentMap<UUID, PartitionWatermarks> WATERMARKS =
      new ConcurrentHashMap<>();

  private final UUID job = UUID.randomUUID();
  private final PartitionWatermarks.WatermarkRules rules;

  @SuppressWarnings("serial") // a serializable one; said by JDK 21 and newer
  private final Clock clock;

  VisitTimestamps(PartitionWatermarks.WatermarkRules rules, Clock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  UUID job() {
    return job;
  }

  /**
   * Returns what a consumer tells the other JVMs of its job and hears from them; nothing if no
   * partition of the job was opened in this JVM.
   */
  static Optional<PeerProgress> standings(Map<String, Object> consumerConfig) {
    return Optional.ofNullable(consumerConfig.get(JOB))
        .map(id -> UUID.fromString(id.toString()))
        .flatMap(
            job ->
                Optional.ofNullable(WATERMARKS.get(job))
                    .map(watermarks -> new PeerProgress(job, watermarks)));
  }

  /** Returns where the readers' consumers meet; nothing if no partition was opened in this JVM. */
  static Optional<ReadPositions> positions(Map<String, Object> consumerConfig) {
    return Optional.ofNullable(consumerConfig.get(JOB))
        .map(id -> WATERMARKS.get(UUID.fromString(id.toString())))
        .map(PartitionWatermarks::positions);
  }

  /**
   * Returns what tells a reader of this JVM the watermarks at which its partitions were resumed.
   */
  static ToLongFunction<TopicPartition> resumedAt(Map<String, ?> consumerConfig) {
    UUID job = UUID.fromString(String.valueOf(consumerConfig.get(JOB)));
    return partition -> WATERMARKS.get(job).resumedAt(partition);
  }

  @Override
  public TimestampPolicy<byte[], List<ConsumedRecord>> createTimestampPolicy(
      TopicPartition partition, Optional<Instant> previousWatermark) {
    var watermarks = WATERMARKS.computeIfAbsent(job, id -> new PartitionWatermarks(rules));
    watermarks.open(
        partition,
        previousWatermark.map(i -> OptionalLong.of(i.getMillis())).orElse(OptionalLong.empty()),
        clock.millis());
    return new Policy(partition, watermarks, clock);
  }

  private static final class Policy extends TimestampPolicy<byte[], List<ConsumedRecord>> {
    private final TopicPartition partition;
    private final PartitionWatermarks watermarks;
    private final Clock clock;
    private final Gauge watermarkGauge;
    private final Gauge backlogGauge;
    private final Counter recordsDeleted = JobMetric.RECORDS_DELETED.counter();
    private final Counter partitionsRestarted = JobMetric.PARTITIONS_RESTARTED.counter();

    Policy(TopicPartition partition, PartitionWatermarks watermarks, Clock clock) {
      this.partition = partition;
      this.watermarks = watermarks;
      this.clock = clock;
      this.watermarkGauge = JobMetric.PARTITION_WATERMARK.gauge(partition.toString());
      this.backlogGauge = JobMetric.PARTITION_BACKLOG.gauge(partition.toString());
    }

    /** Records that were read together have the event time of the oldest visit of them. */
    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], List<ConsumedRecord>> batch) {
      count(watermarks.positions().takeLosses(partition));
      if (batch.getKV().getValue().isEmpty()) {
        return Instant.ofEpochMilli(watermarks.lastWatermark(partition));
      }
      LongSummaryStatistics eventTimes =
          batch.getKV().getValue().stream()
              .filter(arrival -> arrival.content() instanceof Visit)
              .mapToLong(arrival -> ((Visit) arrival.content()).eventTimeMillis())
              .summaryStatistics();
      long now = clock.millis();
      boolean isAppendTime = batch.getTimestampType() == KafkaTimestampType.LOG_APPEND_TIME;
      long recordClock = isAppendTime ? batch.getTimestamp() : now;
      if (eventTimes.getCount() == 0) {
        watermarks.recordRead(partition, recordClock, now);
        return Instant.ofEpochMilli(watermarks.lastWatermark(partition));
      }
      watermarks.visitRead(partition, eventTimes.getMax(), recordClock, now);
      return Instant.ofEpochMilli(eventTimes.getMin());
    }

    /** Here, since on Flink what is counted beside a record is lost. */
    private void count(ReadPositions.Losses losses) {
      recordsDeleted.inc(losses.records());
      partitionsRestarted.inc(losses.restarts());
    }

    @Override
    public Instant getWatermark(PartitionContext context) {
      long watermark =
          watermarks.watermark(
              partition, context.getMessageBacklog(), context.getBacklogCheckTime().getMillis());
      watermarkGauge.set(watermark);
      if (context.getMessageBacklog() >= 0) {
        backlogGauge.set(context.getMessageBacklog());
      }
      return Instant.ofEpochMilli(watermark);
    }
  }
}
