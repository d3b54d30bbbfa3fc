package io.sessionizer.kafka.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.TopicRecordJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A Kafka record as JSON: partition, offset, key, headers and value. */
public final class RecordJson {
  private RecordJson() {}

  /** Returns the parts of a record: {@link TopicRecordJson#addTo}. */
  public static ObjectNode of(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode json = TopicRecordJson.empty();
    json.put("partition", record.partition());
    json.put("offset", record.offset());
    TopicRecordJson.addTo(json, RecordMapping.contents(record));
    return json;
  }
}
