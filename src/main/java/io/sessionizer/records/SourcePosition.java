package io.sessionizer.records;

import io.sessionizer.records.TopicRecord.Header;
import java.util.Comparator;
import java.util.List;

/**
 * The position of a record on a topic, or in a file.
 *
 * @param topic the topic's name, or that of the file
 * @param partition the partition of the topic, or {@link #IN_FILE}
 * @param offset the offset in the partition, or where the record starts in the text of the file, in
 *     bytes
 */
public record SourcePosition(String topic, int partition, long offset)
    implements Comparable<SourcePosition> {
  /** In place of the partition of a record that was read in a file. */
  public static final int IN_FILE = -1;

  private static final Comparator<SourcePosition> ORDER =
      Comparator.comparing(SourcePosition::topic)
          .thenComparing(SourcePosition::partition)
          .thenComparing(SourcePosition::offset);

  /** Reads the source of a late visit or a dead letter from its headers. */
  static SourcePosition read(TopicRecord record) throws MalformedRecordException {
    String file = record.optionalHeader(RecordHeaders.SOURCE_FILE);
    if (file != null) {
      return new SourcePosition(file, IN_FILE, record.longHeader(RecordHeaders.SOURCE_BYTE));
    }
    return new SourcePosition(
        record.header(RecordHeaders.SOURCE_TOPIC),
        record.intHeader(RecordHeaders.SOURCE_PARTITION),
        record.longHeader(RecordHeaders.SOURCE_OFFSET));
  }

  void addTo(List<Header> headers) {
    if (isInFile()) {
      headers.add(Header.of(RecordHeaders.SOURCE_FILE, topic));
      headers.add(Header.of(RecordHeaders.SOURCE_BYTE, offset));
      return;
    }
    headers.add(Header.of(RecordHeaders.SOURCE_TOPIC, topic));
    headers.add(Header.of(RecordHeaders.SOURCE_PARTITION, partition));
    headers.add(Header.of(RecordHeaders.SOURCE_OFFSET, offset));
  }

  /** Whether the record was read in a file. */
  public boolean isInFile() {
    return partition == IN_FILE;
  }

  /** Returns topic and partition, as Kafka writes them: {@code visits-0}; or the file. */
  public String topicPartition() {
    return isInFile() ? topic : topic + '-' + partition;
  }

  /** Returns the position without blanks, for logs and metrics: {@code visits-0@42}. */
  public String compact() {
    return topicPartition() + '@' + offset;
  }

  @Override
  public int compareTo(SourcePosition other) {
    return ORDER.compare(this, other);
  }

  /** Returns the position for people: {@code visits-0 @ 42}, {@code visits.jsonl @ byte 42}. */
  @Override
  public String toString() {
    return topicPartition() + (isInFile() ? " @ byte " : " @ ") + offset;
  }
}
