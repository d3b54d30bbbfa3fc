package io.sessionizer.kafka;

import io.sessionizer.records.SourcePosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Maps Kafka's records to those of {@link io.sessionizer.records}. */
public final class RecordMapping {
  private RecordMapping() {}

  /** Returns the position of {@code record}. */
  public static SourcePosition position(ConsumerRecord<?, ?> record) {
    return new SourcePosition(record.topic(), record.partition(), record.offset());
  }
}
