package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.launch.Flags;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One poll that has visits of all kinds: too late, late, on time, and one so far ahead that the
 * watermark after it would make those on time too late.
 */
@Timeout(300)
class LateVisitInBatchIT {
  private static final int ON_TIME = 200;

  private final TestKafka kafka = new TestKafka();

  @ParameterizedTest
  @CsvSource({"stateful, 1", "windows, 0"})
  void leavesOtherVisitsOnTime(String engine, int lateVisits) throws Exception {
    kafka.createTopics(1);
    List<byte[]> accepted = new ArrayList<>();
    accepted.add(visit("first", "10:00"));
    accepted.add(visit("open", "10:40"));
    PipelineResult job =
        SessionizationJob.start(
            Flags.parse(kafka.flags("--runner=DirectRunner", "--engine=" + engine)));
    try {
      kafka.writeVisits(0, accepted.get(0), accepted.get(1));
      kafka.awaitRecords("sessions", 1, () -> assertRuns(job));

      List<byte[]> batch = new ArrayList<>();
      batch.add(visit("late", "10:20"));
      batch.add(visit("out-of-order", "10:30"));
      for (int id = 0; id < ON_TIME; id++) {
        batch.add(visit("on-time-" + id, "10:41"));
      }
      accepted.addAll(batch);
      batch.add(0, visit("too-late", "09:00"));
      batch.add(visit("ahead", "12:00"));
      write(batch);
      while (count(job, JobMetric.VISITS_ACCEPTED) + count(job, JobMetric.VISITS_LATE)
          < 2 + batch.size()) {
        assertRuns(job);
        TimeUnit.MILLISECONDS.sleep(100);
      }

      assertEquals(1, count(job, JobMetric.VISITS_LATE));
      SortedMap<String, String> sessions = model(accepted);
      kafka.awaitRecords("sessions", sessions.size(), () -> assertRuns(job));
      assertEquals(sessions, SessionsTable.of(kafka.read("sessions")));
      assertEquals(lateVisits, kafka.read("late-visits").size());
    } finally {
      job.cancel();
    }
  }

  /** Writes visits in one request of a producer, so that they are polled together. */
  private void write(List<byte[]> visits) throws Exception {
    TestKafka.write(
        visits.stream()
            .map(visit -> new ProducerRecord<byte[], byte[]>(kafka.topic("visits"), 0, null, visit))
            .toList());
  }

  private static void assertRuns(PipelineResult job) {
    assertTrue(!job.getState().isTerminal(), () -> "the job is " + job.getState());
  }

  private static long count(PipelineResult job, JobMetric metric) {
    return StreamSupport.stream(job.metrics().allMetrics().getCounters().spliterator(), false)
        .filter(counter -> counter.getName().getName().equals(metric.counter().getName().getName()))
        .mapToLong(MetricResult::getAttempted)
        .sum();
  }

  private static SortedMap<String, String> model(List<byte[]> values) throws Exception {
    List<Visit> visits = new ArrayList<>();
    for (byte[] value : values) {
      visits.add(VisitJson.parse(value));
    }
    return SessionsTable.ofSessions(ModelSessionizer.sessions(visits, Duration.ofMinutes(16)));
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
