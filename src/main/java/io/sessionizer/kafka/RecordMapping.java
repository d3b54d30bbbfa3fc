package io.sessionizer.kafka;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Maps Kafka's records to those of the topics' contract, and back. */
public final class RecordMapping {
  private RecordMapping() {}

  /** Returns the position of {@code record}. */
  public static SourcePosition position(ConsumerRecord<?, ?> record) {
    return new SourcePosition(record.topic(), record.partition(), record.offset());
  }

  /** Returns key, value and headers of {@code record}. */
  public static TopicRecord contents(ConsumerRecord<byte[], byte[]> record) {
    List<TopicRecord.Header> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new TopicRecord.Header(header.key(), header.value()));
    }
    return new TopicRecord(record.key(), record.value(), headers);
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
