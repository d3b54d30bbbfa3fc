package io.sessionizer.local;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows topics, from their beginning or their end. Not thread-safe. */
public final class RecordTail implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Collection<TopicPartition> partitions;

  private RecordTail(
      KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    this.consumer = consumer;
    this.partitions = partitions;
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
   * @param most how many of them, at most, that are there already
   */
  public static RecordTail fromNewest(
      Collection<String> topics, long most, Map<String, Object> config) {
    RecordTail tail = open(topics, config);
    Map<TopicPartition, Long> ends = tail.consumer.endOffsets(tail.partitions);
    tail.consumer
        .beginningOffsets(tail.partitions)
        .forEach(
            (partition, first) ->
                tail.consumer.seek(partition, Math.max(first, ends.get(partition) - most)));
    return tail;
  }

  private static RecordTail open(Collection<String> topics, Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    var consumer =
        new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    return new RecordTail(consumer, partitions);
  }

  /** Returns the partitions of a topic that is followed. */
  public List<TopicPartition> partitions(String topic) {
    return partitions.stream().filter(partition -> partition.topic().equals(topic)).toList();
  }

  /** Returns how many records of each partition are still to come, as far as it is known. */
  public Map<TopicPartition, Long> backlog() {
    Map<TopicPartition, Long> backlog = new HashMap<>();
    for (TopicPartition partition : partitions) {
      consumer.currentLag(partition).ifPresent(lag -> backlog.put(partition, lag));
    }
    return backlog;
  }

  /** Passes on what has come since; waits a moment if nothing has. */
  public void poll(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.poll(POLL).forEach(each);
  }

  /** Passes on all records up to where the topic ends now. */
  public void drain(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      poll(each);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
