package io.sessionizer.kafka;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The partitions of topics. */
public final class TopicPartitions {
  private TopicPartitions() {}

  /** Returns the partitions that {@code partitionsFor} of a client describes. */
  public static List<TopicPartition> of(Collection<PartitionInfo> described) {
    return described.stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
  }
}
