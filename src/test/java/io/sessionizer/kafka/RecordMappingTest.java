package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordMappingTest {
  @Test
  void keepsKeyValueAndHeaders() {
    assertMapped(
        new TopicRecord(
            "key".getBytes(UTF_8),
            new byte[0],
            List.of(new Header("a", new byte[] {1}), new Header("a", new byte[0]))));
    assertMapped(new TopicRecord(null, null, List.of()));
  }

  private static void assertMapped(TopicRecord record) {
    ProducerRecord<byte[], byte[]> produced = RecordMapping.toProduce("sessions", record);
    assertEquals("sessions", produced.topic());
    assertNull(produced.partition());
    var consumed = new ConsumerRecord<>("sessions", 2, 7, produced.key(), produced.value());
    produced.headers().forEach(consumed.headers()::add);
    assertEquals(record, RecordMapping.contents(consumed));
    assertEquals(new SourcePosition("sessions", 2, 7), RecordMapping.position(consumed));
  }
}
