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

/** Follows a topic, from its beginning or its end. Not thread-safe. */
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
    RecordTail tail = open(topic, config);
    tail.consumer.seekToBeginning(tail.partitions);
    return tail;
  }

  /** Follows {@code topic} from its end. */
  public static RecordTail fromEnd(String topic, Map<String, Object> config) {
    RecordTail tail = open(topic, config);
    tail.consumer.seekToEnd(tail.partitions);
    tail.partitions.forEach(tail.consumer::position);
    return tail;
  }

  private static RecordTail open(String topic, Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    var consumer =
        new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    return new RecordTail(consumer, partitions);
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
