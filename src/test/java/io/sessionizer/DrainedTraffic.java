package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.local.GeneratedVisit;
import io.sessionizer.local.GeneratedVisit.Kind;
import io.sessionizer.local.KafkaVisitSink;
import io.sessionizer.local.Shares;
import io.sessionizer.local.Traffic;
import io.sessionizer.local.VisitGenerator;
import io.sessionizer.sessions.ModelSessionizer;
import io.sessionizer.sessions.Session;
import io.sessionizer.sessions.SessionJson;
import io.sessionizer.visits.RefusedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Made-up traffic, out of order, with duplicates and broken records but none late, that a job on
 * any runner drains; what comes out is held against the naive model, byte for byte.
 */
final class DrainedTraffic {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final Shares SHARES = new Shares(10, 0, 3, 2);

  private final TestKafka kafka;
  private final List<GeneratedVisit> written = new ArrayList<>();

  private DrainedTraffic(TestKafka kafka) {
    this.kafka = kafka;
  }

  /** Writes traffic to the visits topic, and runs the job until it ends. */
  static DrainedTraffic run(TestKafka kafka, long visits, int visitors, String... flags)
      throws Exception {
    DrainedTraffic traffic = new DrainedTraffic(kafka);
    traffic.write(new Traffic(visits, visitors, Instant.parse("2024-01-01T00:00:00Z"), 7, SHARES));
    List<String> all = new ArrayList<>(List.of("--stopWhenDrained"));
    all.addAll(List.of(flags));
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(kafka.flags(all.toArray(String[]::new))));
    return traffic;
  }

  private void write(Traffic traffic) throws IOException {
    new VisitGenerator(traffic).forEachRemaining(written::add);
    try (KafkaVisitSink sink = KafkaVisitSink.open(kafka.topic("visits"), TestKafka.config())) {
      for (GeneratedVisit visit : written) {
        sink.write(visit);
      }
      sink.flush();
    }
  }

  /** Every session of the model came out, once, and every record is accounted for. */
  void assertGaveTheSessionsOfTheModelAndDeadLetters() throws RefusedVisitException {
    List<Visit> visits = new ArrayList<>();
    for (GeneratedVisit visit : written) {
      if (visit.kind() != Kind.BROKEN) {
        visits.add(VisitJson.parse(visit.value()));
      }
    }
    List<Session> expected = ModelSessionizer.sessions(visits, GAP);
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    assertEquals(values(expected), values(sessions));
    sessions.forEach(
        session ->
            assertEquals(
                Map.of("revision", "1", "timing", "on_time", "end_reason", "inactivity"),
                TestKafka.headers(session)));
    assertOnePartitionPerVisitId(sessions);

    List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.read("dead-letters");
    assertEquals(
        texts(written.stream().filter(v -> v.kind() == Kind.BROKEN).map(v -> v.value()).toList()),
        texts(deadLetters.stream().map(ConsumerRecord::value).toList()));
    assertEquals(
        written.size(),
        deadLetters.size() + expected.stream().mapToInt(s -> s.pages().size()).sum());
  }

  private static void assertOnePartitionPerVisitId(List<ConsumerRecord<byte[], byte[]>> sessions) {
    Map<String, List<Integer>> partitions =
        sessions.stream()
            .collect(
                Collectors.groupingBy(
                    s -> new String(s.key(), UTF_8).replaceFirst("@\\d+$", ""),
                    Collectors.mapping(ConsumerRecord::partition, Collectors.toList())));
    partitions.forEach((visitId, of) -> assertEquals(1, of.stream().distinct().count(), visitId));
  }

  /** Key to value, both as text. */
  private static SortedMap<String, String> values(Iterable<Session> sessions) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    SortedMap<String, String> values = new TreeMap<>();
    sessions.forEach(s -> values.put(s.id(), new String(json.write(s), UTF_8)));
    return values;
  }

  private static SortedMap<String, String> values(List<ConsumerRecord<byte[], byte[]>> records) {
    SortedMap<String, String> values = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      values.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }
    assertEquals(records.size(), values.size(), "a session came out twice");
    return values;
  }

  private static List<String> texts(List<byte[]> values) {
    return values.stream().map(Arrays::toString).sorted().toList();
  }
}
