package io.sessionizer.records;

/**
 * The source of a consumed record.
 *
 * @param position where the record was read
 * @param timestampMillis the record's own Kafka timestamp, epoch milliseconds (not the event time);
 *     {@link #NO_TIMESTAMP} of a record in a file
 * @param resumedAtMillis the watermark of the partition when reading it was resumed after a failure
 *     or a stop, epoch milliseconds; {@link #NOT_RESUMED} if there was none
 */
public record Provenance(SourcePosition position, long timestampMillis, long resumedAtMillis) {

  /** Stands for a record without a timestamp, as in Kafka. */
  public static final long NO_TIMESTAMP = -1;

  /** Stands for reading that was not resumed. */
  public static final long NOT_RESUMED = Long.MIN_VALUE;

  /** The source of a record that was read without a failure or a stop before. */
  public Provenance(SourcePosition position, long timestampMillis) {
    this(position, timestampMillis, NOT_RESUMED);
  }
}
