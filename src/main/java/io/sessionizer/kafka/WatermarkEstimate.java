package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;

/**
 * The watermark that the job would have if it had read what was read here, by the job's own rule
 * ({@link PartitionWatermarks}). The job itself is behind it by what it has still to read and to
 * write. All times are epoch milliseconds. Not thread-safe.
 */
public final class WatermarkEstimate {
  private final PartitionWatermarks watermarks;
  private final Collection<TopicPartition> partitions;

  /**
   * Begins to read.
   *
   * @param settings those of the job
   * @param partitions all of the visits topic
   * @param now the wall clock
   */
  public WatermarkEstimate(Settings settings, Collection<TopicPartition> partitions, long now) {
    this.watermarks =
        new PartitionWatermarks(
            new PartitionWatermarks.Rules(
                settings.maxOutOfOrderness(),
                settings.idleAfter(),
                settings.policy().gap().plus(settings.policy().allowedLateness()),
                false));
    this.partitions = partitions;
    partitions.forEach(partition -> watermarks.open(partition, OptionalLong.empty(), now));
  }

  /** A visit was read. */
  public void visitRead(TopicPartition partition, long eventTime, long now) {
    watermarks.visitRead(partition, eventTime, now);
  }

  /** A record that is no visit was read. */
  public void recordRead(TopicPartition partition, long now) {
    watermarks.recordRead(partition, now);
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
    return slowest > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
            && slowest < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis()
        ? OptionalLong.of(slowest)
        : OptionalLong.empty();
  }
}
