package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaVisitSinkTest {
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, new ByteArraySerializer(), new ByteArraySerializer());
  private final KafkaVisitSink sink = new KafkaVisitSink(producer, "visits");
  private final GeneratedVisit visit =
      new GeneratedVisit("id".getBytes(UTF_8), "{}".getBytes(UTF_8), Category.ON_TIME, 0);

  @Test
  void sendsVisitByVisitId() throws IOException {
    sink.write(visit);
    sink.flush();

    assertEquals(
        List.of(new ProducerRecord<>("visits", visit.key(), visit.value())), producer.history());
  }

  @Test
  void rejectedVisitFailsNextWrite() throws IOException {
    sink.write(visit);
    producer.completeNext();
    sink.write(visit);
    producer.errorNext(new RecordTooLargeException("too large"));

    var failure = assertThrows(IOException.class, () -> sink.write(visit));

    assertEquals(
        "cannot write to topic 'visits' (1 record written): too large", failure.getMessage());
  }

  @Test
  void unacknowledgedVisitFailsFlush() throws IOException {
    sink.write(visit);
    producer.errorNext(new TimeoutException("Expiring 1 record(s) for visits-0: 30000 ms"));

    var failure = assertThrows(IOException.class, sink::flush);

    assertEquals(
        "cannot write to topic 'visits' (0 records written): the broker did not acknowledge the"
            + " next records in time: is it running, and has its disk space left? (Expiring 1"
            + " record(s) for visits-0: 30000 ms)",
        failure.getMessage());
  }

  @Test
  void fullProducerFailsWrite() {
    producer.sendException = new TimeoutException("buffer full");

    var failure = assertThrows(IOException.class, () -> sink.write(visit));

    assertEquals(
        "cannot write to topic 'visits' (0 records written): buffer full", failure.getMessage());
  }
}
