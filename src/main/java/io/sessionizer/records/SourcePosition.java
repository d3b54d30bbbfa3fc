package io.sessionizer.records;

/**
 * Where a record was read.
 *
 * @param topic the topic
 * @param partition the partition of the topic
 * @param offset the offset in the partition
 * @param timestampMillis the record's own Kafka timestamp, epoch milliseconds (not the event time)
 * @param resumedAtMillis the watermark of the partition when reading it was resumed after a failure
 *     or a stop, epoch milliseconds; {@link #NOT_RESUMED} if there was none
 */
public record SourcePosition(
    String topic, int partition, long offset, long timestampMillis, long resumedAtMillis) {

  /** Stands for reading that was not resumed. */
  public static final long NOT_RESUMED = Long.MIN_VALUE;

  /** Returns where the record is, {@code topic-partition@offset}. */
  public String position() {
    return topic + "-" + partition + "@" + offset;
  }

  /** A record that was read without a failure or a stop before. */
  public SourcePosition(String topic, int partition, long offset, long timestampMillis) {
    this(topic, partition, offset, timestampMillis, NOT_RESUMED);
  }
}
