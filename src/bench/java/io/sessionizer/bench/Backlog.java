package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.local.GeneratedVisit;
import io.sessionizer.local.KafkaVisitSink;
import io.sessionizer.local.Traffic;
import io.sessionizer.local.VisitGenerator;
import io.sessionizer.visits.RefusedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of visits, written before anybody reads it.
 *
 * @param topic its name
 * @param visits how many visits are in it
 * @param expected the sessions that have to come out
 */
record Backlog(String topic, long visits, Expected expected) {
  /** Begins the visit id of the last record of each partition, a week after all others. */
  static final String MARKER = "the-end-";

  private static final Duration AFTER_ALL_OTHERS = Duration.ofDays(7);

  /** Writes a workload to a topic, which has to exist. */
  static Backlog write(String servers, String topic, int partitions, Traffic traffic)
      throws IOException, InterruptedException {
    Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    List<Visit> visits = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();
    long newest = 0;
    try (KafkaVisitSink sink = KafkaVisitSink.open(topic, client)) {
      VisitGenerator generator = new VisitGenerator(traffic);
      while (generator.hasNext()) {
        GeneratedVisit visit = generator.next();
        sink.write(visit);
        visits.add(parse(visit.value(), texts));
        newest = Math.max(newest, visit.eventTimeMillis());
      }
      sink.flush();
    }
    writeMarkers(client, topic, partitions, Instant.ofEpochMilli(newest).plus(AFTER_ALL_OTHERS));
    return new Backlog(topic, visits.size(), Expected.of(visits));
  }

  /** Parses with one copy of every text, since all visits are in memory at once. */
  private static Visit parse(byte[] value, Map<String, String> texts) {
    try {
      Visit visit = VisitJson.parse(value);
      return new Visit(
          one(visit.visitId(), texts),
          visit.eventTimeMillis(),
          one(visit.userId(), texts),
          one(visit.page(), texts));
    } catch (RefusedVisitException e) {
      throw new IllegalStateException("the workload has a record that is no visit", e);
    }
  }

  private static String one(String text, Map<String, String> texts) {
    return texts.computeIfAbsent(text, first -> first);
  }

  /** Kafka Streams knows no end of a topic: time has to be seen to pass. */
  private static void writeMarkers(
      Map<String, Object> client, String topic, int partitions, Instant time)
      throws IOException, InterruptedException {
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int partition = 0; partition < partitions; partition++) {
        String id = MARKER + partition;
        byte[] value =
            "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"user_id\":\"none\",\"page\":\"none\"}"
                .formatted(id, time.toString().replaceFirst("(\\.\\d+)?Z$", "+00:00"))
                .getBytes(UTF_8);
        producer
            .send(new ProducerRecord<>(topic, partition, id.getBytes(UTF_8), value))
            .get(1, TimeUnit.MINUTES);
      }
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IOException("cannot write to topic '" + topic + "': " + e.getMessage(), e);
    }
  }
}
