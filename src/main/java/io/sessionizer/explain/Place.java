package io.sessionizer.explain;

import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a record is.
 *
 * @param topic the topic
 * @param partition the partition of the topic
 * @param offset the offset in the partition
 */
record Place(String topic, int partition, long offset) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::topic)
          .thenComparing(Place::partition)
          .thenComparing(Place::offset);

  static Place of(ConsumerRecord<?, ?> record) {
    return new Place(record.topic(), record.partition(), record.offset());
  }

  /** Topic and partition, as Kafka writes it. */
  String topicPartition() {
    return topic + '-' + partition;
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topicPartition() + " @ " + offset;
  }
}
