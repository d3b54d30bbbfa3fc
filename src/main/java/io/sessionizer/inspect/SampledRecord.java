package io.sessionizer.inspect;

import io.sessionizer.kafka.ParserSettings;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of a topic, or a line of a file.
 *
 * @param key null if it has none, as lines have
 * @param value no bytes if the record has no value, or is a line that is too large
 * @param bytes how many bytes the value has
 * @param timestampMillis its Kafka timestamp, epoch milliseconds; {@link #NO_TIMESTAMP} if it has
 *     none
 * @param part the number of its partition or file
 */
@SuppressWarnings("ArrayRecordComponent") // Compared with nothing.
record SampledRecord(
    byte @Nullable [] key, byte[] value, long bytes, long timestampMillis, int part) {
  static final long NO_TIMESTAMP = -1;

  /** The size of the largest record that a job without flags reads. */
  static final int MAX_BYTES = ParserSettings.DEFAULT.maxRecordBytes();

  /** About what an object of this class needs beside its bytes. */
  private static final int OBJECT_BYTES = 100;

  /** Creates a record with all of its value. */
  SampledRecord(byte @Nullable [] key, byte[] value, long timestampMillis, int part) {
    this(key, value, value.length, timestampMillis, part);
  }

  /** Returns about how many bytes of memory it needs. */
  int size() {
    return OBJECT_BYTES + value.length + (key == null ? 0 : key.length);
  }

  boolean isTooLarge() {
    return bytes > MAX_BYTES;
  }
}
