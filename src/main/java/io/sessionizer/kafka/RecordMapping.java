package io.sessionizer.kafka;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.RecordHead;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Maps Kafka's records to those of the topics' contract, and back. */
public final class RecordMapping {
  private RecordMapping() {}

  /** Returns the position of {@code record}. */
  public static SourcePosition position(ConsumerRecord<?, ?> record) {
    return new SourcePosition(record.topic(), record.partition(), record.offset());
  }

  /** Returns the partition of {@code record}. */
  static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Returns key, value and headers of {@code record}. */
  public static TopicRecord contents(ConsumerRecord<byte[], byte[]> record) {
    List<TopicRecord.Header> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new TopicRecord.Header(header.key(), header.value()));
    }
    return new TopicRecord(record.key(), record.value(), headers);
  }

  /** Returns what {@code record} has besides its value. */
  public static RecordHead head(ConsumerRecord<byte[], byte[]> record) {
    return new RecordHead() {
      @Override
      public byte @Nullable [] key() {
        return record.key();
      }

      @Override
      public long timestampMillis() {
        return record.timestamp();
      }

      @Override
      public byte @Nullable [] header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
      }
    };
  }

  /** Returns {@code record} as one that a producer sends to a topic. */
  public static ProducerRecord<byte[], byte[]> toProduce(String topic, TopicRecord record) {
    List<Header> headers = new ArrayList<>(record.headers().size());
    for (TopicRecord.Header header : record.headers()) {
      headers.add(new RecordHeader(header.name(), header.value()));
    }
    return new ProducerRecord<>(topic, null, record.key(), record.value(), headers);
  }
}
