package io.sessionizer.kafka;

import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a record is.
 *
 * @param topic the topic's name
 * @param partition the partition of the topic
 * @param offset the offset in the partition
 */
public record RecordPlace(String topic, int partition, long offset)
    implements Comparable<RecordPlace> {
  private static final Comparator<RecordPlace> ORDER =
      Comparator.comparing(RecordPlace::topic)
          .thenComparing(RecordPlace::partition)
          .thenComparing(RecordPlace::offset);

  /** Returns where {@code record} is. */
  public static RecordPlace of(ConsumerRecord<?, ?> record) {
    return new RecordPlace(record.topic(), record.partition(), record.offset());
  }

  /** Returns topic and partition, as Kafka writes it. */
  public String topicPartition() {
    return topic + '-' + partition;
  }

  @Override
  public int compareTo(RecordPlace other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topicPartition() + " @ " + offset;
  }
}
