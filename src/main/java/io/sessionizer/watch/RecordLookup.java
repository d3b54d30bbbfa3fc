package io.sessionizer.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.admin.RecordJson;
import io.sessionizer.records.SourcePosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single records by their positions. Thread-safe. */
final class RecordLookup implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;

  RecordLookup(Map<String, Object> client) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Returns a record as JSON, with its position and time; nothing if the topic has deleted it. */
  synchronized Optional<ObjectNode> find(SourcePosition position) {
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    consumer.assign(List.of(partition));
    long first = TopicPartitions.offset(consumer.beginningOffsets(List.of(partition)), partition);
    long end = TopicPartitions.offset(consumer.endOffsets(List.of(partition)), partition);
    if (position.offset() < first || position.offset() >= end) {
      return Optional.empty();
    }
    consumer.seek(partition, position.offset());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && consumer.position(partition) <= position.offset()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        return record.offset() == position.offset() ? Optional.of(json(record)) : Optional.empty();
      }
    }
    return Optional.empty(); // compacted away, and no record after it
  }

  private static ObjectNode json(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode json = RecordJson.of(record);
    json.put("topic", record.topic());
    json.put("timestamp", record.timestamp());
    // Numbers as they are: JavaScript would round large ones.
    if (json.path("value").isContainerNode()) {
      json.put("value", json.get("value").toPrettyString());
    }
    return json;
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
