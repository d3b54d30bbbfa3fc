package io.sessionizer.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The partitions of topics. */
public final class TopicPartitions {
  /** By topic, then by number. */
  public static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private TopicPartitions() {}

  /** Returns the partitions of topics, in {@link #ORDER}. */
  public static List<TopicPartition> of(Consumer<?, ?> consumer, Collection<String> topics) {
    return topics.stream()
        .flatMap(topic -> of(consumer.partitionsFor(topic)).stream())
        .sorted(ORDER)
        .toList();
  }

  /** Returns the partitions that {@code partitionsFor} of a client describes. */
  public static List<TopicPartition> of(Collection<PartitionInfo> described) {
    return described.stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
  }

  /** Returns the offset of a partition, from a client's response to a request for it. */
  public static long offset(Map<TopicPartition, Long> response, TopicPartition partition) {
    return Objects.requireNonNull(
        response.get(partition), "a response has every requested partition");
  }
}
