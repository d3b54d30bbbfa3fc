package io.sessionizer.kafka.admin;

import io.sessionizer.kafka.ByteLimitedConsumer;
import io.sessionizer.kafka.TopicPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A reader that follows topics, from their beginning or their end. Records that are deleted before
 * they are read are skipped. Not thread-safe.
 */
public final class RecordTail implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Collection<TopicPartition> partitions;

  /** Reads records of open transactions as well; none if {@link #consumer} does. */
  private final Optional<KafkaConsumer<byte[], byte[]>> uncommitted;

  private Map<TopicPartition, Long> uncommittedEnds = Map.of();
  private long uncommittedEndsAt;

  private RecordTail(
      KafkaConsumer<byte[], byte[]> consumer,
      Collection<TopicPartition> partitions,
      Optional<KafkaConsumer<byte[], byte[]>> uncommitted) {
    this.consumer = consumer;
    this.partitions = partitions;
    this.uncommitted = uncommitted;
  }

  /** Follows {@code topic} from its beginning. */
  public static RecordTail fromBeginning(String topic, Map<String, Object> config) {
    RecordTail tail = open(List.of(topic), config);
    tail.consumer.seekToBeginning(tail.partitions);
    return tail;
  }

  /** Follows {@code topic} from its end. */
  public static RecordTail fromEnd(String topic, Map<String, Object> config) {
    RecordTail tail = open(List.of(topic), config);
    tail.consumer.seekToEnd(tail.partitions);
    tail.partitions.forEach(tail.consumer::position);
    return tail;
  }

  /**
   * Follows several topics, each partition from its newest records on.
   *
   * @param most how many existing records of each partition, at most
   */
  public static RecordTail fromNewest(
      Collection<String> topics, long most, Map<String, Object> config) {
    RecordTail tail = open(topics, config);
    Map<TopicPartition, Long> ends = tail.consumer.endOffsets(tail.partitions);
    tail.consumer
        .beginningOffsets(tail.partitions)
        .forEach(
            (partition, first) ->
                tail.consumer.seek(
                    partition, Math.max(first, TopicPartitions.offset(ends, partition) - most)));
    return tail;
  }

  private static RecordTail open(Collection<String> topics, Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var consumer = new ByteLimitedConsumer(all);
    List<TopicPartition> partitions = TopicPartitions.of(consumer, topics);
    consumer.assign(partitions);
    boolean readsCommitted =
        "read_committed".equals(all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"));
    return new RecordTail(
        consumer,
        partitions,
        readsCommitted ? Optional.of(new ByteLimitedConsumer(all)) : Optional.empty());
  }

  /** Returns the partitions of topics that are followed. */
  public List<TopicPartition> partitions(List<String> topics) {
    return partitions.stream().filter(partition -> topics.contains(partition.topic())).toList();
  }

  /**
   * Returns how many records of each partition are still to be read, those of open transactions
   * included, as far as is known.
   */
  public Map<TopicPartition, Long> backlog() {
    checkUncommittedEnds();
    Map<TopicPartition, Long> backlog = new HashMap<>();
    for (TopicPartition partition : partitions) {
      consumer
          .currentLag(partition)
          .ifPresent(lag -> backlog.put(partition, Math.max(lag, uncommittedLag(partition))));
    }
    return backlog;
  }

  private void checkUncommittedEnds() {
    long now = System.nanoTime();
    if (uncommitted.isPresent()
        && (uncommittedEnds.isEmpty() || now - uncommittedEndsAt >= BETWEEN_CHECKS.toNanos())) {
      uncommittedEnds = uncommitted.get().endOffsets(partitions);
      uncommittedEndsAt = now;
    }
  }

  private long uncommittedLag(TopicPartition partition) {
    Long end = uncommittedEnds.get(partition);
    return end == null ? 0 : end - consumer.position(partition);
  }

  /** Passes on new records; waits a moment if there are none. */
  public void poll(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.poll(POLL).forEach(each);
  }

  /** Passes on all records up to the current end of the topic. */
  public void drain(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    while (partitions.stream()
        .anyMatch(p -> consumer.position(p) < TopicPartitions.offset(ends, p))) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      records.forEach(each);
      if (records.isEmpty()) {
        LogEnds.lower(consumer, ends);
      }
    }
  }

  @Override
  public void close() {
    uncommitted.ifPresent(KafkaConsumer::close);
    consumer.close();
  }
}
