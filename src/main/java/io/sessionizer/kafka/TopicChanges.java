package io.sessionizer.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Changes of topics that the readers of one JVM have noticed: losses and their numbers of
 * partitions. A reader that is opened again, and has read nothing since, notices the same ones
 * again; they are reported once. Thread-safe.
 */
final class TopicChanges {
  private final Map<TopicPartition, DataLoss.Counts> uncounted = new HashMap<>();
  private final Map<TopicPartition, Noticed> last = new HashMap<>();

  /** How many partitions each topic has. */
  private final Map<String, Integer> partitions = new HashMap<>();

  /** The number of partitions of each topic that was reported last. */
  private final Map<String, Integer> reportedPartitions = new HashMap<>();

  private record Noticed(int topic, DataLoss loss) {}

  /**
   * Adds a loss.
   *
   * @param topic the topic that the partition belongs to now ({@link TopicOffset#topic})
   * @return whether it is another one than the last of the partition
   */
  synchronized boolean addLoss(TopicPartition partition, int topic, DataLoss loss) {
    Noticed noticed = new Noticed(topic, loss);
    if (noticed.equals(last.put(partition, noticed))) {
      return false;
    }
    uncounted.merge(partition, loss.counts(), DataLoss.Counts::plus);
    return true;
  }

  /** Returns the losses of a partition that were not returned yet. */
  synchronized DataLoss.Counts takeLosses(TopicPartition partition) {
    DataLoss.Counts counts = uncounted.remove(partition);
    return counts == null ? DataLoss.Counts.NONE : counts;
  }

  /** Sets how many partitions a topic has. */
  synchronized void setPartitions(String topic, int now) {
    partitions.put(topic, now);
  }

  /** Returns whether the topic was created anew without a partition that it had before. */
  synchronized boolean isMissing(TopicPartition partition) {
    return partition.partition() >= partitions.getOrDefault(partition.topic(), Integer.MAX_VALUE);
  }

  /** Returns whether this number of partitions was not reported yet; from now on it is. */
  synchronized boolean reportPartitions(String topic, int now) {
    Integer before = reportedPartitions.put(topic, now);
    return before == null || before != now;
  }
}
