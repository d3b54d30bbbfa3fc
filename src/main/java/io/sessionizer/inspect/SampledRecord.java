package io.sessionizer.inspect;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of a topic, or a line of a file.
 *
 * @param key null if it has none, as lines have
 * @param value no bytes if the record has no value
 * @param timestampMillis its Kafka timestamp, epoch milliseconds; {@link #NO_TIMESTAMP} if it has
 *     none
 * @param part the number of its partition or file
 */
@SuppressWarnings("ArrayRecordComponent") // Compared with nothing.
record SampledRecord(byte @Nullable [] key, byte[] value, long timestampMillis, int part) {
  static final long NO_TIMESTAMP = -1;

  /** About what an object of this class needs beside its bytes. */
  private static final int OBJECT_BYTES = 100;

  /** Returns about how many bytes of memory it needs. */
  int size() {
    return OBJECT_BYTES + value.length + (key == null ? 0 : key.length);
  }
}
