package io.sessionizer.records;

import io.sessionizer.records.TopicRecord.Header;
import java.util.Comparator;
import java.util.List;

/**
 * The position of a record on a topic.
 *
 * @param topic the topic's name
 * @param partition the partition of the topic
 * @param offset the offset in the partition
 */
public record SourcePosition(String topic, int partition, long offset)
    implements Comparable<SourcePosition> {
  private static final Comparator<SourcePosition> ORDER =
      Comparator.comparing(SourcePosition::topic)
          .thenComparing(SourcePosition::partition)
          .thenComparing(SourcePosition::offset);

  /** Reads the source of a late visit or a dead letter from its headers. */
  static SourcePosition read(TopicRecord record) throws MalformedRecordException {
    return new SourcePosition(
        record.header(RecordHeaders.SOURCE_TOPIC),
        record.intHeader(RecordHeaders.SOURCE_PARTITION),
        record.longHeader(RecordHeaders.SOURCE_OFFSET));
  }

  void addTo(List<Header> headers) {
    headers.add(Header.of(RecordHeaders.SOURCE_TOPIC, topic));
    headers.add(Header.of(RecordHeaders.SOURCE_PARTITION, partition));
    headers.add(Header.of(RecordHeaders.SOURCE_OFFSET, offset));
  }

  /** Returns topic and partition, as Kafka writes them: {@code visits-0}. */
  public String topicPartition() {
    return topic + '-' + partition;
  }

  /** Returns the position without blanks, for logs and metrics: {@code visits-0@42}. */
  public String compact() {
    return topicPartition() + '@' + offset;
  }

  @Override
  public int compareTo(SourcePosition other) {
    return ORDER.compare(this, other);
  }

  /** Returns the position for people: {@code visits-0 @ 42}. */
  @Override
  public String toString() {
    return topicPartition() + " @ " + offset;
  }
}
