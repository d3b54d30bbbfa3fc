package io.sessionizer.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.records.Session;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A sessions topic that a job has written, with corrections, sessions that were merged or moved,
 * and records that are repeated as after a failure.
 */
final class CorrectedSessions {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int REPEATED = 5;

  /** Visits that close all sessions before them; their own sessions stay open. */
  private static final String LAST = "last";

  private final TestKafka kafka;
  private final List<Session> sessions;

  private CorrectedSessions(TestKafka kafka, List<Session> sessions) {
    this.kafka = kafka;
    this.sessions = sessions;
  }

  /** Has a job write the topic. */
  static CorrectedSessions write(Path folder) throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    String[] flags =
        kafka.flags(
            "--runner=FlinkRunner", "--checkpointingInterval=300", "--allowedLateness=PT24H");
    try (Command job = Command.start(folder, List.of(), "run", flags)) {
      for (int id = 0; id < 10; id++) {
        kafka.writeVisits(id % 2, visit(id, "01T10:00:00"), visit(id, "01T10:40:00"));
      }
      closeSessions(kafka, "01T12:00:00", job);
      for (int id = 0; id < 10; id++) {
        kafka.writeVisits(id % 2, late(id));
      }
      kafka.generate(
          new Traffic(
              600, 30, Instant.parse("2024-01-02T00:00:00Z"), 1, new TrafficMix(10, 15, 5, 0)));
      closeSessions(kafka, "04T00:00:00", job);
    }
    repeatNewestRecords(kafka);
    return new CorrectedSessions(kafka, model(kafka));
  }

  /**
   * Returns a visit of a kind for each visit id: joins two sessions, moves a start, adds a page.
   */
  private static byte[][] late(int id) {
    return switch (id % 3) {
      case 0 -> new byte[][] {visit(id, "01T10:15:00"), visit(id, "01T10:30:00")};
      case 1 -> new byte[][] {visit(id, "01T09:50:00")};
      default -> new byte[][] {visit(id, "01T10:45:00")};
    };
  }

  private static byte[] visit(Object id, String time) {
    return """
        {"visit_id":"v%s","event_time":"2024-01-%sZ","user_id":"user %s","page":"page %s"}"""
        .formatted(id, time, Math.floorMod(id.hashCode(), 4), time.substring(6, 8))
        .getBytes(UTF_8);
  }

  private static void closeSessions(TestKafka kafka, String time, Command job) throws Exception {
    kafka.writeVisits(0, visit(LAST + 0, time));
    kafka.writeVisits(1, visit(LAST + 1, time));
    SortedMap<String, String> expected = SessionsTable.ofSessions(model(kafka));
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (SortedMap<String, String> read = table(kafka);
        !read.equals(expected);
        read = table(kafka)) {
      if (!job.process().isAlive() || System.nanoTime() > deadline) {
        assertEquals(expected, read, job.err());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static SortedMap<String, String> table(TestKafka kafka) {
    return SessionsTable.of(kafka.read("sessions"));
  }

  /** Returns the sessions of the visits written so far, but for those that are still open. */
  private static List<Session> model(TestKafka kafka) throws RejectedVisitException {
    List<Visit> visits = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("visits")) {
      visits.add(VisitJson.parse(record.value()));
    }
    long newest = visits.stream().mapToLong(Visit::eventTimeMillis).max().orElseThrow();
    visits.removeIf(visit -> visit.eventTimeMillis() == newest);
    return ModelSessionizer.sessions(visits, GAP);
  }

  private static void repeatNewestRecords(TestKafka kafka) throws Exception {
    List<ProducerRecord<byte[], byte[]>> repeated = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      int of = partition;
      List<ConsumerRecord<byte[], byte[]>> written =
          kafka.read("sessions").stream().filter(r -> r.partition() == of).toList();
      for (var record : written.subList(written.size() - REPEATED, written.size())) {
        repeated.add(
            new ProducerRecord<>(
                record.topic(), of, record.key(), record.value(), record.headers()));
      }
    }
    TestKafka.write(repeated);
  }

  /** Returns the name of the topic. */
  String topic() {
    return kafka.topic("sessions");
  }

  /** Returns all records, partition by partition. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    return kafka.read("sessions");
  }

  /** Returns the sessions that a naive model forms of the same visits. */
  List<Session> ofModel() {
    return sessions;
  }

  /** Returns the sessions of the model by key, as JSON. */
  SortedMap<String, String> tableOfModel() {
    return SessionsTable.ofSessions(sessions);
  }
}
