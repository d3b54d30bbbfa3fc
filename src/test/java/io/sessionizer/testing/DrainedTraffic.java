package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.records.Session;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Made-up traffic, out of order, with duplicates and malformed records, that a job on any runner
 * drains; its output is compared with the naive model, byte for byte.
 */
public final class DrainedTraffic {
  public static final Duration GAP = Duration.ofMinutes(16);
  private static final Duration LATENESS = Duration.ofMinutes(15);
  public static final TrafficMix NONE_LATE = new TrafficMix(10, 0, 3, 2);

  private final TestKafka kafka;
  private final List<GeneratedVisit> written = new ArrayList<>();

  private DrainedTraffic(TestKafka kafka) {
    this.kafka = kafka;
  }

  /** Writes traffic to the visits topic, none of it late, and runs the job until it ends. */
  public static DrainedTraffic run(TestKafka kafka, long visits, int visitors, String... flags)
      throws Exception {
    return run(kafka, NONE_LATE, visits, visitors, flags);
  }

  /** Writes traffic to the visits topic, and runs the job until it ends. */
  public static DrainedTraffic run(
      TestKafka kafka, TrafficMix mix, long visits, int visitors, String... flags)
      throws Exception {
    DrainedTraffic traffic = new DrainedTraffic(kafka);
    traffic.write(new Traffic(visits, visitors, Instant.parse("2024-01-01T00:00:00Z"), 7, mix));
    List<String> all = new ArrayList<>(List.of("--stopWhenDrained"));
    all.addAll(List.of(flags));
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(kafka.flags(all.toArray(String[]::new))));
    return traffic;
  }

  private void write(Traffic traffic) throws IOException {
    new VisitGenerator(traffic).forEachRemaining(written::add);
    try (KafkaVisitSink sink = kafka.visits()) {
      for (GeneratedVisit visit : written) {
        sink.write(visit);
      }
      sink.flush();
    }
  }

  /** Every session of the model was emitted, once, and every record is accounted for. */
  public void assertGaveTheSessionsOfTheModelAndDeadLetters() throws RejectedVisitException {
    List<Visit> visits = visits();
    List<Session> expected = ModelSessionizer.sessions(visits, GAP);
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    assertEquals(SessionsTable.ofSessions(expected), values(sessions));
    Set<String> runs = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> session : sessions) {
      Map<String, String> headers = TestKafka.headers(session);
      runs.add(headers.remove("run"));
      assertEquals(
          Map.of("revision", "1", "timing", "on_time", "end_reason", "inactivity"), headers);
    }
    assertEquals(1, runs.size());
    assertOnePartitionPerVisitId(sessions);

    List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.read("dead-letters");
    assertEquals(
        texts(
            written.stream()
                .filter(v -> v.kind() == Category.MALFORMED)
                .map(v -> v.value())
                .toList()),
        texts(deadLetters.stream().map(ConsumerRecord::value).toList()));
    assertEquals(
        written.size(),
        deadLetters.size() + expected.stream().mapToInt(s -> s.pages().size()).sum());
  }

  /**
   * Read as a table, the sessions are those of the model on the visits that are not on the topic
   * for late ones; and every record is accepted, late, or a dead letter.
   */
  public void assertGaveTheSessionsOfAcceptedVisitsAndTheRestIsLateOrDead()
      throws RejectedVisitException {
    List<Visit> accepted = visits();
    List<ConsumerRecord<byte[], byte[]>> late = kafka.read("late-visits");
    Map<String, ConsumerRecord<byte[], byte[]>> visitsRead = new HashMap<>();
    kafka.read("visits").forEach(r -> visitsRead.put(r.partition() + "@" + r.offset(), r));
    for (ConsumerRecord<byte[], byte[]> record : late) {
      Visit visit = VisitJson.parse(record.value());
      assertTrue(accepted.remove(visit), () -> "was never written: " + visit);
      assertEquals(visit.visitId(), new String(record.key(), UTF_8));
      assertSaysHowLateAndWhereFrom(visit, TestKafka.headers(record), visitsRead);
    }
    assertFalse(late.isEmpty(), "nothing came too late");
    List<ConsumerRecord<byte[], byte[]>> changes = kafka.read("sessions");
    SortedMap<String, String> table = SessionsTable.of(changes);
    assertEquals(SessionsTable.ofSessions(ModelSessionizer.sessions(accepted, GAP)), table);
    assertRevisionsGrow(changes);
    assertOnePartitionPerVisitId(changes);
    int dead = kafka.read("dead-letters").size();
    assertEquals(written.size(), accepted.size() + late.size() + dead);
    System.out.printf(
        "%,d visits = %,d accepted + %,d late + %,d dead; %,d sessions, %,d records%n",
        written.size(), accepted.size(), late.size(), dead, table.size(), changes.size());
  }

  private void assertSaysHowLateAndWhereFrom(
      Visit visit,
      Map<String, String> headers,
      Map<String, ConsumerRecord<byte[], byte[]>> visitsRead)
      throws RejectedVisitException {
    long lateByMillis = Long.parseLong(headers.remove("late_by_ms"));
    assertTrue(lateByMillis >= GAP.plus(LATENESS).toMillis(), "late by " + lateByMillis);
    String place = headers.remove("source.partition") + "@" + headers.remove("source.offset");
    assertEquals(visit, VisitJson.parse(visitsRead.get(place).value()));
    assertEquals(Map.of("source.topic", kafka.topic("visits")), headers);
  }

  private List<Visit> visits() throws RejectedVisitException {
    return visits(written);
  }

  /** Those that can be read. */
  public static List<Visit> visits(List<GeneratedVisit> written) throws RejectedVisitException {
    List<Visit> visits = new ArrayList<>();
    for (GeneratedVisit visit : written) {
      if (visit.kind() != Category.MALFORMED) {
        visits.add(VisitJson.parse(visit.value()));
      }
    }
    return visits;
  }

  private static void assertRevisionsGrow(List<ConsumerRecord<byte[], byte[]>> changes) {
    Map<String, Integer> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> change : changes) {
      int revision = Integer.parseInt(TestKafka.headers(change).get("revision"));
      Integer before = last.put(new String(change.key(), UTF_8), revision);
      assertEquals(before == null ? 1 : before + 1, revision, () -> "revision of " + change);
    }
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
  private static SortedMap<String, String> values(List<ConsumerRecord<byte[], byte[]>> records) {
    SortedMap<String, String> values = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      values.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }
    assertEquals(records.size(), values.size(), "a session was emitted twice");
    return values;
  }

  private static List<String> texts(List<byte[]> values) {
    return values.stream().map(Arrays::toString).sorted().toList();
  }
}
