package io.sessionizer.kafka.admin;

import io.sessionizer.testing.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TopicCreationIT {
  private static final int PARTITIONS = 60;
  private static final int RECORDS = 40;

  private final TestKafka kafka = new TestKafka();

  /** A leader that is not ready rejects the first batch, and then accepts those behind it. */
  @Test
  void createdTopicLosesNoFirstBatch() throws Exception {
    kafka.createTopics(PARTITIONS);
    List<Future<RecordMetadata>> writes = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        TestKafka.producer(Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 1_000))) {
      for (int i = 0; i < RECORDS * PARTITIONS; i++) {
        writes.add(
            producer.send(
                new ProducerRecord<>(kafka.topic("visits"), i % PARTITIONS, null, new byte[300])));
      }
    }
    for (Future<RecordMetadata> write : writes) {
      write.get();
    }
  }
}
