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
        STATE job_running
        COUNTER visits_read = io.sessionizer.visits.RouteVisits visits_read
        COUNTER visits_rejected = io.sessionizer.visits.RouteVisits visits_rejected
        COUNTER_BY_REASON visits_rejected_by_reason = io.sessionizer.visits.RouteVisits visits_rejected_
        TEXTS visits_rejected_at = io.sessionizer.visits.RouteVisits visits_rejected_at
        COUNTER visits_filtered = io.sessionizer.visits.RouteVisits visits_filtered
        COUNTER visits_excluded = io.sessionizer.visits.RouteVisits visits_excluded
        COUNTER visits_overlap = io.sessionizer.visits.RouteVisits visits_overlap
        COUNTER visits_accepted = io.sessionizer.sessions.SessionizeVisits visits_accepted
        COUNTER visits_late = io.sessionizer.sessions.SessionizeVisits visits_late
        UNEXPORTED_COUNTER visits_open = io.sessionizer.sessions.SessionizeVisits visits_open
        UP_DOWN_COUNTER visit_ids_held = io.sessionizer.sessions.SessionizeVisits visit_ids_held
        UP_DOWN_COUNTER shard_index_bytes = io.sessionizer.sessions.SessionizeVisits shard_index_bytes
        UP_DOWN_COUNTER shard_log_bytes = io.sessionizer.sessions.SessionizeVisits shard_log_bytes
        UP_DOWN_COUNTER windows_over_cap = io.sessionizer.sessions.SessionizeVisits windows_over_cap
        COUNTER sessions_written = io.sessionizer.kafka.WriteSessions sessions_written
        COUNTER attribute_values_skipped = io.sessionizer.kafka.WriteSessions attribute_values_skipped
        UNEXPORTED_COUNTER sessions_left = io.sessionizer.kafka.WriteSessions sessions_left
        COUNTER records_deleted = io.sessionizer.kafka.ReadVisits records_deleted
        COUNTER partitions_restarted = io.sessionizer.kafka.ReadVisits partitions_restarted
        GAUGE_BY_PARTITION partition_watermark_seconds = io.sessionizer.kafka.ReadVisits partition_watermark_ms/
        GAUGE_BY_PARTITION partition_backlog_records = io.sessionizer.kafka.ReadVisits partition_backlog/
        """,
        Arrays.stream(JobMetric.values()).map(JobMetricTest::line).collect(joining()));
  }

  private static String line(JobMetric metric) {
    String inPrometheus =
        metric.type() + " " + metric.prometheusName().replaceFirst("^sessionizer_", "");
    return metric.type() == JobMetric.Type.STATE
        ? inPrometheus + "\n"
        : inPrometheus + " = " + metric.namespace() + " " + metric.beamName() + "\n";
  }
}
