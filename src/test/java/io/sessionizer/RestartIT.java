package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs one after the other, without saved state: each flushes its open sessions and stops. */
@Timeout(300)
class RestartIT {
  private static final Duration GAP = Duration.ofMinutes(16);

  private final TestKafka kafka = new TestKafka();
  private final List<Visit> visits = new ArrayList<>();

  @BeforeEach
  void createTopics() throws Exception {
    kafka.createTopics(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void retractsSessionsThatLaterVisitsMerge(String runner) throws Exception {
    write("v1", "10:00");
    write("v1", "10:20");
    write("other", "10:20");
    drain(runner);
    write("v1", "10:10");
    drain(runner);

    assertEquals(model(), SessionsTable.of(kafka.read("sessions")));
    assertEquals(
        List.of(
            "v1@10:00 revision=1 timing=on_time",
            "v1@10:20 revision=1 timing=on_time",
            "v1@10:00 revision=1 timing=late",
            "v1@10:20 revision=1 superseded_by=v1@10:00"),
        records("v1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void retractsSessionsWhoseStartMoves(String runner) throws Exception {
    write("v1", "10:20");
    drain(runner);
    write("v1", "10:10");
    drain(runner);
    write("v1", "10:00");
    drain(runner);

    assertEquals(model(), SessionsTable.of(kafka.read("sessions")));
  }

  private void write(String visitId, String time) throws Exception {
    Instant at = Instant.parse("2024-01-01T" + time + ":00Z");
    Visit visit = new Visit(visitId, at.toEpochMilli(), "u", "p" + visits.size());
    visits.add(visit);
    kafka.writeVisits(0, VisitJson.write(visit));
  }

  private void drain(String runner) {
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            kafka.flags("--runner=" + runner, "--engine=stateful", "--stopWhenDrained")));
  }

  private Map<String, String> model() {
    return SessionsTable.ofSessions(ModelSessionizer.sessions(visits, GAP));
  }

  /** The records of a visit id as text, with times for epoch milliseconds. */
  private List<String> records(String visitId) {
    List<String> texts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("sessions")) {
      String key = new String(record.key(), UTF_8);
      if (key.startsWith(visitId + "@")) {
        Map<String, String> headers = TestKafka.headers(record);
        String last =
            record.value() == null
                ? "superseded_by=" + withTime(headers.get("superseded_by"))
                : "timing=" + headers.get("timing");
        texts.add(withTime(key) + " revision=" + headers.get("revision") + " " + last);
      }
    }
    return texts;
  }

  private static String withTime(String key) {
    int at = key.indexOf('@') + 1;
    String time = Instant.ofEpochMilli(Long.parseLong(key.substring(at))).toString();
    return key.substring(0, at) + time.substring(11, 16);
  }
}
