package io.sessionizer.kafka;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.visits.ConsumedBatch;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;

/**
 * Event times from the visits, and watermarks from {@link PartitionWatermarks}. KafkaIO's own
 * policies have neither: a partition that was never written blocks the watermark forever
 * (apache/beam#20908), and a drained one jumps to the wall clock, which makes everything that
 * follows in replayed data late.
 */
final class VisitTimestamps implements TimestampPolicyFactory<byte[], ConsumedBatch> {
  private static final long serialVersionUID = 1L;

  private final UUID job;

  /** When the job was started; 0 of a job that is restored from before it was known here. */
  private final long asOf;

  private final WatermarkRules rules;

  @SuppressWarnings("serial") // a serializable one; a warning of JDK 21 and newer
  private final Clock clock;

  /**
   * Creates the policies of a job's partitions.
   *
   * @param job the job, to whose progress they belong
   * @param asOf when it was started, in epoch milliseconds: a restored source has the rules of the
   *     last start ({@link JobStart})
   */
  VisitTimestamps(UUID job, long asOf, WatermarkRules rules, Clock clock) {
    this.job = job;
    this.asOf = asOf;
    this.rules = rules;
    this.clock = clock;
  }

  /** Returns the id of the job, by which its readers find their progress ({@link JvmProgress}). */
  UUID job() {
    return job;
  }

  @Override
  public TimestampPolicy<byte[], ConsumedBatch> createTimestampPolicy(
      TopicPartition partition, Optional<Instant> previousWatermark) {
    JvmProgress progress =
        JvmProgress.of(
            job, JobStart.newerThan(asOf, partition.topic()).map(JobStart::rules).orElse(rules));
    progress.open(
        partition,
        previousWatermark.map(i -> OptionalLong.of(i.getMillis())).orElse(OptionalLong.empty()),
        clock.millis());
    return new Policy(partition, progress, clock);
  }

  private static final class Policy extends TimestampPolicy<byte[], ConsumedBatch> {
    private final TopicPartition partition;
    private final PartitionWatermarks watermarks;
    private final TopicChanges changes;
    private final Clock clock;
    private final Gauge watermarkGauge;
    private final Gauge backlogGauge;
    private final Counter recordsDeleted = JobMetric.RECORDS_DELETED.counter();
    private final Counter partitionsRestarted = JobMetric.PARTITIONS_RESTARTED.counter();

    Policy(TopicPartition partition, JvmProgress progress, Clock clock) {
      this.partition = partition;
      this.watermarks = progress.watermarks();
      this.changes = progress.changes();
      this.clock = clock;
      this.watermarkGauge = JobMetric.PARTITION_WATERMARK.gauge(partition.toString());
      this.backlogGauge = JobMetric.PARTITION_BACKLOG.gauge(partition.toString());
    }

    /**
     * Records that were read together have the event time of their oldest visit or, if that is
     * earlier, the watermark before them. The DirectRunner groups elements before a step with
     * state, and gives a group of elements behind the watermark the end of the global window as its
     * timestamp. So the watermark would advance past the batch before that is processed, and make
     * visits late that are on time.
     */
    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], ConsumedBatch> record) {
      ConsumedBatch batch = record.getKV().getValue();
      watermarks.handedOver(partition, record.getOffset() + 1);
      count(changes.takeLosses(partition));
      if (batch.size() == 0) {
        return Instant.ofEpochMilli(watermarks.lastWatermark(partition));
      }
      long now = clock.millis();
      boolean isAppendTime = record.getTimestampType() == KafkaTimestampType.LOG_APPEND_TIME;
      long recordClock = isAppendTime ? record.getTimestamp() : now;
      if (!batch.hasVisits()) {
        if (batch.rejected().isEmpty()) {
          watermarks.filteredRead(partition, recordClock, now);
        } else {
          watermarks.recordRead(partition, recordClock, now);
        }
        return Instant.ofEpochMilli(watermarks.lastWatermark(partition));
      }
      long watermarkBefore = watermarks.lastWatermark(partition);
      watermarks.visitRead(partition, batch.newestMillis(), recordClock, now);
      return Instant.ofEpochMilli(Math.max(batch.oldestMillis(), watermarkBefore));
    }

    /** Called with a record, since on Flink what is counted without one is lost. */
    private void count(DataLoss.Counts losses) {
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
