package io.sessionizer.metrics;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JobMetricTest {

  /** Dashboards and alerts query them: no line of these may change. */
  @Test
  void addressesNeverChange() {
    assertEquals(
        """
        io.sessionizer.visits.RouteVisits visits_read
        io.sessionizer.visits.RouteVisits visits_rejected
        io.sessionizer.visits.RouteVisits visits_rejected_
        io.sessionizer.visits.RouteVisits visits_rejected_at
        io.sessionizer.sessions.SessionizeVisits visits_accepted
        io.sessionizer.sessions.SessionizeVisits visits_late
        io.sessionizer.sessions.SessionizeVisits visit_ids_held
        io.sessionizer.sessions.SessionizeVisits windows_over_cap
        io.sessionizer.kafka.WriteSessions sessions_written
        io.sessionizer.kafka.WriteSessions sessions_left
        io.sessionizer.kafka.ReadVisits records_deleted
        io.sessionizer.kafka.ReadVisits partitions_restarted
        io.sessionizer.kafka.ReadVisits partition_watermark_ms/
        io.sessionizer.kafka.ReadVisits partition_backlog/
        """,
        Arrays.stream(JobMetric.values())
            .map(metric -> metric.namespace() + " " + metric.beamName() + "\n")
            .collect(joining()));
  }
}
