package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.KafkaVisitSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic that a workload is written to before anybody reads it. */
final class Backlog implements AutoCloseable {
  private static final Duration AFTER_ALL_OTHERS = Duration.ofDays(7);

  private final String topic;
  private final int partitions;
  private final Task task;
  private final KafkaProducer<byte[], byte[]> producer;

  private Backlog(String topic, int partitions, Task task, KafkaProducer<byte[], byte[]> producer) {
    this.topic = topic;
    this.partitions = partitions;
    this.task = task;
    this.producer = producer;
  }

  /** Writes a task to a topic, which has to exist. */
  static Backlog write(String servers, String topic, int partitions, Task task)
      throws IOException, InterruptedException {
    Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    try (KafkaVisitSink sink = KafkaVisitSink.open(topic, client)) {
      for (var visits = task.generate(); visits.hasNext(); ) {
        GeneratedVisit visit = visits.next();
        sink.write(
            new GeneratedVisit(
                visit.key(),
                task.workload().written(visit.value()),
                visit.kind(),
                visit.eventTimeMillis()));
      }
      sink.flush();
    }
    Backlog backlog =
        new Backlog(
            topic,
            partitions,
            task,
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()));
    backlog.moveTimeOn();
    return backlog;
  }

  /** Returns the name of the topic. */
  String topic() {
    return topic;
  }

  /** Returns what is to be done with it. */
  Task task() {
    return task;
  }

  /**
   * Adds a visit to the end of each partition that is a week after all others. Kafka Streams knows
   * no end of a topic, and looks once a second whether sessions are over, when a visit comes.
   */
  void moveTimeOn() throws IOException, InterruptedException {
    Instant time = Instant.ofEpochMilli(task.newestMillis()).plus(AFTER_ALL_OTHERS);
    String eventTime = time.toString().replaceFirst("(\\.\\d+)?Z$", "+00:00");
    for (int partition = 0; partition < partitions; partition++) {
      String id = Task.MARKER + partition;
      byte[] value =
          "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"user_id\":\"none\",\"page\":\"none\"}"
              .formatted(id, eventTime)
              .getBytes(UTF_8);
      try {
        producer
            .send(
                new ProducerRecord<>(
                    topic, partition, id.getBytes(UTF_8), task.workload().written(value)))
            .get(1, TimeUnit.MINUTES);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("cannot write to topic '" + topic + "': " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
