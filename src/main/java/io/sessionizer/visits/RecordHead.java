package io.sessionizer.visits;

import io.sessionizer.records.TopicRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a Kafka record has besides its value. */
public interface RecordHead {
  /** Returns that of a record as bytes. */
  static RecordHead of(TopicRecord record, long timestampMillis) {
    return new RecordHead() {
      @Override
      public byte @Nullable [] key() {
        return record.key();
      }

      @Override
      public long timestampMillis() {
        return timestampMillis;
      }

      @Override
      public byte @Nullable [] header(String name) {
        byte[] last = null;
        for (TopicRecord.Header header : record.headers()) {
          last = header.name().equals(name) ? header.value() : last;
        }
        return last;
      }
    };
  }

  /** Returns the key, or null. */
  byte @Nullable [] key();

  /** Returns the timestamp, epoch milliseconds; -1 if there is none. */
  long timestampMillis();

  /** Returns the value of a header, of several the last; null if there is none. */
  byte @Nullable [] header(String name);
}
