package io.sessionizer.reading;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A reader of the sessions topic as a table. */
final class NewestSessions {
  private NewestSessions() {}

  /** Reads the topic to its current end and returns the newest session of each key, as JSON. */
  static Map<String, String> read(String topic, Properties config) {
    Map<String, String> sessions = new HashMap<>();
    var text = new StringDeserializer();
    try (var consumer = new KafkaConsumer<>(config, text, text)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.value() == null) {
            sessions.remove(record.key()); // a tombstone
          } else {
            sessions.put(record.key(), record.value());
          }
        }
      }
    }
    return sessions;
  }
}
