package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * The watermark that the job would have if it had read what was read here, by the job's own rules
 * ({@link PartitionWatermarks}). The job itself is behind it by what it has still to read and to
 * write. A record's Kafka timestamp is assumed to be the time at which the job read it: a job that
 * read it later may have a later watermark. All times are epoch milliseconds. Not thread-safe.
 */
public final class WatermarkEstimate {
  private final PartitionWatermarks watermarks;
  private final Collection<TopicPartition> partitions;

  /**
   * Creates the estimate before the first record.
   *
   * @param settings those of the job
   * @param partitions all of the visits topic
   * @param now the wall clock
   */
  public WatermarkEstimate(Settings settings, Collection<TopicPartition> partitions, long now) {
    this.watermarks = new PartitionWatermarks(WatermarkRules.of(settings, false));
    this.partitions = partitions;
    partitions.forEach(partition -> watermarks.open(partition, OptionalLong.empty(), now));
  }

  /** A visit was read. */
  public void visitRead(ConsumerRecord<?, ?> record, long eventTime, long now) {
    watermarks.visitRead(partition(record), eventTime, clock(record, now), now);
  }

  /** A record was read that is rejected, or of which it is not known yet. */
  public void recordRead(ConsumerRecord<?, ?> record, long now) {
    watermarks.recordRead(partition(record), clock(record, now), now);
  }

  /** A record was read that the format's condition leaves out. */
  public void filteredRead(ConsumerRecord<?, ?> record, long now) {
    watermarks.filteredRead(partition(record), clock(record, now), now);
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** When the job read a record is not known. It was not long after the record was written. */
  private static long clock(ConsumerRecord<?, ?> record, long now) {
    return record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
        ? now
        : Math.min(record.timestamp(), now);
  }

  /** Returns the watermark of a partition after what was read of it, if it has one. */
  public OptionalLong of(TopicPartition partition) {
    return time(watermarks.lastWatermark(partition));
  }

  /**
   * Returns the watermark of the slowest partition, if every partition has one.
   *
   * @param backlog of every partition, how many records are still to be read
   */
  public OptionalLong at(Map<TopicPartition, Long> backlog, long now) {
    long slowest = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
    for (TopicPartition partition : partitions) {
      slowest =
          Math.min(
              slowest, watermarks.watermark(partition, backlog.getOrDefault(partition, -1L), now));
    }
    return time(slowest);
  }

  private static OptionalLong time(long watermark) {
    return watermark > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
            && watermark < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis()
        ? OptionalLong.of(watermark)
        : OptionalLong.empty();
  }
}
