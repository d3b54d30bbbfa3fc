package io.sessionizer.kafka;

import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The dead letters that an earlier job has written, among those of the records that a job reads
 * again.
 *
 * @param flushed by partition of the visits topic, the offset before which all are written
 * @param found others that are on their topic, by offset: the record's own Kafka timestamp, epoch
 *     milliseconds
 * @param asOf when the job was started, epoch milliseconds: records of a topic that is created anew
 *     later are others
 */
public record WrittenDeadLetters(
    HashMap<TopicPartition, Long> flushed,
    HashMap<TopicPartition, HashMap<Long, Long>> found,
    long asOf)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Those of a job that reads nothing again. */
  public static final WrittenDeadLetters NONE =
      new WrittenDeadLetters(new HashMap<>(), new HashMap<>(), Long.MIN_VALUE);

  /** Returns those before the offsets of a rewind. */
  public static WrittenDeadLetters before(Rewind rewind, long asOf) {
    Map<TopicPartition, Long> flushed = new HashMap<>();
    rewind.committed().forEach((partition, offset) -> flushed.put(partition, offset.flushed()));
    return new WrittenDeadLetters(new HashMap<>(flushed), new HashMap<>(), asOf);
  }

  /** Adds one that was found, unless its record is not read again. */
  public void add(DeadLetterRecord letter) {
    TopicPartition partition = partition(letter.source());
    Long end = flushed.get(partition);
    if (end != null && !isFlushed(letter.source().offset(), letter.timestampMillis(), end)) {
      found
          .computeIfAbsent(partition, p -> new HashMap<>())
          .put(letter.source().offset(), letter.timestampMillis());
    }
  }

  /** Whether the dead letter of a record is written. */
  boolean contains(Provenance record) {
    TopicPartition partition = partition(record.position());
    long offset = record.position().offset();
    Long end = flushed.get(partition);
    return end != null
        && (isFlushed(offset, record.timestampMillis(), end)
            || found
                .getOrDefault(partition, new HashMap<>())
                .getOrDefault(offset, Long.MIN_VALUE)
                .equals(record.timestampMillis()));
  }

  private boolean isFlushed(long offset, long timestamp, long end) {
    return offset < end && timestamp <= asOf;
  }

  private static TopicPartition partition(SourcePosition position) {
    return new TopicPartition(position.topic(), position.partition());
  }
}
