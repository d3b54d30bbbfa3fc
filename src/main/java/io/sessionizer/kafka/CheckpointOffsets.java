package io.sessionizer.kafka;

import static io.sessionizer.kafka.TopicOffset.SUBMITTED;

import io.sessionizer.kafka.TopicLookup.TopicIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The offsets of a consumer's partitions as KafkaIO keeps them in checkpoints: numbers that contain
 * the topic that the offset belongs to ({@link TopicOffset}), so that a checkpoint of a topic that
 * was deleted is not resumed in the one that was created anew. Not thread-safe.
 */
final class CheckpointOffsets {
  /** The ids of the topics that the job was submitted for, by name, as far as they are known. */
  private final Map<String, String> submittedIds = new HashMap<>();

  /** The topic that each partition belongs to ({@link TopicOffset#topic}). */
  private final Map<TopicPartition, Integer> topics = new HashMap<>();

  /** The number behind that of the last record polled. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  CheckpointOffsets(Collection<SubmittedTopic> submitted) {
    for (SubmittedTopic topic : submitted) {
      if (topic.id() != null) {
        submittedIds.put(topic.name(), topic.id());
      }
    }
  }

  /** Restores a partition from the number in a checkpoint, and returns the offset to seek to. */
  long restored(TopicPartition partition, long number) {
    TopicOffset offset = TopicOffset.of(number);
    topics.put(partition, offset.topic());
    next.put(partition, number);
    return offset.offset();
  }

  /** Returns whether it is known which topic a partition belongs to. */
  boolean hasTopic(TopicPartition partition) {
    return topics.containsKey(partition);
  }

  /** Starts a partition of the topic with an id, if that is known. */
  void start(TopicPartition partition, Optional<Uuid> id) {
    topics.put(partition, id.map(known -> topicOf(partition, known)).orElse(SUBMITTED));
  }

  /** Returns the number of an offset; it is the next one to read. */
  long next(TopicPartition partition, long offset) {
    long number = new TopicOffset(topic(partition), offset).number();
    next.put(partition, number);
    return number;
  }

  /** Returns records with numbers as offsets; the next number is behind them. */
  List<ConsumerRecord<byte[], byte[]>> polled(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    int topic = topic(partition);
    List<ConsumerRecord<byte[], byte[]>> numbered =
        records.stream().map(record -> numbered(record, topic)).toList();
    next.put(partition, numbered.get(numbered.size() - 1).offset() + 1);
    return numbered;
  }

  private static ConsumerRecord<byte[], byte[]> numbered(
      ConsumerRecord<byte[], byte[]> record, int topic) {
    return topic == SUBMITTED
        ? record
        : new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            new TopicOffset(topic, record.offset()).number(),
            record.timestamp(),
            record.timestampType(),
            record.serializedKeySize(),
            record.serializedValueSize(),
            record.key(),
            record.value(),
            record.headers(),
            record.leaderEpoch());
  }

  /** Returns the number behind that of the last record polled; 0 if there is none. */
  long next(TopicPartition partition) {
    return next.getOrDefault(partition, 0L);
  }

  /** Returns the topic that a partition belongs to ({@link TopicOffset#topic}). */
  int topic(TopicPartition partition) {
    return topics.getOrDefault(partition, SUBMITTED);
  }

  /** Returns whether the id of a topic is known. */
  boolean isTopicKnown(String topic) {
    return submittedIds.containsKey(topic);
  }

  /**
   * Returns those partitions of a topic that belonged to another one of its name. From now on they
   * belong to that one.
   *
   * @param partitions of any topics
   */
  Set<TopicPartition> recreated(Collection<TopicPartition> partitions, TopicIdentity now) {
    Uuid id = now.id();
    submittedIds.putIfAbsent(now.name(), id.toString());
    Set<TopicPartition> recreated = new HashSet<>();
    for (TopicPartition partition : partitions) {
      if (!partition.topic().equals(now.name())) {
        continue;
      }
      int topic = topics.computeIfAbsent(partition, p -> topicOf(p, id));
      if (!TopicOffset.isOf(topic, id, submittedIds.get(now.name()))) {
        topics.put(partition, topicOf(partition, id));
        recreated.add(partition);
      }
    }
    return recreated;
  }

  /** Returns Kafka's offsets for the numbers of a checkpoint, without those of a deleted topic. */
  Map<TopicPartition, OffsetAndMetadata> toCommit(Map<TopicPartition, OffsetAndMetadata> numbers) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    numbers.forEach(
        (partition, number) -> {
          TopicOffset offset = TopicOffset.of(number.offset());
          if (offset.topic() == topics.getOrDefault(partition, offset.topic())) {
            offsets.put(
                partition,
                new OffsetAndMetadata(offset.offset(), number.leaderEpoch(), number.metadata()));
          }
        });
    return offsets;
  }

  private int topicOf(TopicPartition partition, Uuid id) {
    return TopicOffset.topic(id, submittedIds.get(partition.topic()));
  }
}
