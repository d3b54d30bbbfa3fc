package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics and the health of a job in a process of its own. */
class MetricsIT {
  private static final Pattern ADDRESS = Pattern.compile("metrics at (http://127.0.0.1:\\d+)/");

  /** Metrics of the JVM, which every program has. */
  private static final Pattern JVM = Pattern.compile("(?m)^(# \\w+ )?(jvm|process)_.*\n");

  /** Bytes of two visit ids, in some hundreds, which depend on the layout of the state. */
  private static final Pattern SOME_HUNDRED_BYTES =
      Pattern.compile("(?m)^(sessionizer_shard_\\w+_bytes) [1-9]\\d\\d\\.0$");

  private static final String METRICS =
      """
      # HELP sessionizer_attribute_values_skipped_total Values that are too large for an attribute, in sessions that were written.
      # TYPE sessionizer_attribute_values_skipped_total counter
      sessionizer_attribute_values_skipped_total 0.0
      # HELP sessionizer_job_running 1 while the job runs, else 0.
      # TYPE sessionizer_job_running gauge
      sessionizer_job_running 1.0
      # HELP sessionizer_partition_backlog_records Records of a partition that are not read yet.
      # TYPE sessionizer_partition_backlog_records gauge
      sessionizer_partition_backlog_records{partition="visits-0"} 0.0
      sessionizer_partition_backlog_records{partition="visits-1"} 0.0
      # HELP sessionizer_partition_watermark_seconds Watermark of a partition, in seconds since 1970.
      # TYPE sessionizer_partition_watermark_seconds gauge
      sessionizer_partition_watermark_seconds{partition="visits-0"} 1.70408154E9
      sessionizer_partition_watermark_seconds{partition="visits-1"} 1.70408154E9
      # HELP sessionizer_partitions_restarted_total Partitions resumed at an earlier offset: topic created anew, or log truncated.
      # TYPE sessionizer_partitions_restarted_total counter
      sessionizer_partitions_restarted_total 0.0
      # HELP sessionizer_records_deleted_total Records that were deleted before they were read.
      # TYPE sessionizer_records_deleted_total counter
      sessionizer_records_deleted_total 0.0
      # HELP sessionizer_sessions_written_total Records for the sessions topic.
      # TYPE sessionizer_sessions_written_total counter
      sessionizer_sessions_written_total 2.0
      # HELP sessionizer_shard_index_bytes Memory of the indexes of the stateful engine.
      # TYPE sessionizer_shard_index_bytes gauge
      sessionizer_shard_index_bytes SOME
      # HELP sessionizer_shard_log_bytes Saved state of the stateful engine: the logs of its shards.
      # TYPE sessionizer_shard_log_bytes gauge
      sessionizer_shard_log_bytes SOME
      # HELP sessionizer_visit_ids_held Visit ids with open state in the stateful engine.
      # TYPE sessionizer_visit_ids_held gauge
      sessionizer_visit_ids_held 2.0
      # HELP sessionizer_visits_accepted_total Visits accepted into sessions.
      # TYPE sessionizer_visits_accepted_total counter
      sessionizer_visits_accepted_total 4.0
      # HELP sessionizer_visits_excluded_total Records read that --privateVisits=exclude leaves out.
      # TYPE sessionizer_visits_excluded_total counter
      sessionizer_visits_excluded_total 0.0
      # HELP sessionizer_visits_filtered_total Records read that --where leaves out.
      # TYPE sessionizer_visits_filtered_total counter
      sessionizer_visits_filtered_total 0.0
      # HELP sessionizer_visits_late_total Visits that were too late.
      # TYPE sessionizer_visits_late_total counter
      sessionizer_visits_late_total 1.0
      # HELP sessionizer_visits_overlap_total Visits skipped, since they are beyond the seam.
      # TYPE sessionizer_visits_overlap_total counter
      sessionizer_visits_overlap_total 0.0
      # HELP sessionizer_visits_read_total Records read from the visits topic.
      # TYPE sessionizer_visits_read_total counter
      sessionizer_visits_read_total 6.0
      # HELP sessionizer_visits_rejected_total Records read that were rejected.
      # TYPE sessionizer_visits_rejected_total counter
      sessionizer_visits_rejected_total 1.0
      # HELP sessionizer_visits_rejected_by_reason_total Records read that were rejected, by the reason.
      # TYPE sessionizer_visits_rejected_by_reason_total counter
      sessionizer_visits_rejected_by_reason_total{reason="BAD_EVENT_TIME"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="BAD_FIELD_TYPE"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="EMPTY"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="FUTURE_EVENT_TIME"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="MISSING_EVENT_TIME"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="MISSING_VISIT_ID"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="NOT_AN_OBJECT"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="NOT_IN_FORMAT"} 0.0
      sessionizer_visits_rejected_by_reason_total{reason="NOT_JSON"} 1.0
      sessionizer_visits_rejected_by_reason_total{reason="TOO_LARGE"} 0.0
      # HELP sessionizer_windows_over_cap Open windows of the windows engine that exceed the maximum length or size of a session.
      # TYPE sessionizer_windows_over_cap gauge
      sessionizer_windows_over_cap 0.0
      """;

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void directRunnerServesEveryMetric() throws Exception {
    assertEquals(METRICS, metricsOfJob("--runner=DirectRunner"));
  }

  @Test
  void embeddedFlinkServesAllButPartitionMetrics() throws Exception {
    String withoutPartitions =
        METRICS
            .lines()
            .filter(line -> !line.contains("_partition_"))
            .collect(joining("\n", "", "\n"));
    assertEquals(
        withoutPartitions, metricsOfJob("--runner=FlinkRunner", "--checkpointingInterval=500"));
  }

  /** Returns the metrics of a running job that has closed two sessions and had a too late visit. */
  private String metricsOfJob(String... flags) throws Exception {
    kafka.createTopics();
    kafka.writeVisits(
        0,
        visit("v1", "00:00:00"),
        visit("v1", "00:40:00"),
        visit("v1", "04:00:00"),
        "no visit".getBytes(UTF_8));
    kafka.writeVisits(1, visit("v2", "04:00:00"));
    try (Command run = run(flags, "--engine=stateful", "--idleAfter=PT10M")) {
      await(run, "/metrics", body -> body.contains("sessions_written_total 2.0"));
      kafka.writeVisits(0, visit("v1", "00:05:00"));
      String metrics =
          await(
              run,
              "/metrics",
              // Each step reports its counters after a bundle, on Flink a second later.
              body ->
                  body.contains("visits_late_total 1.0") && body.contains("visits_read_total 6.0"));
      run.signal("TERM");
      assertEquals(143, run.exitCode(30), run.err());
      String ours = JVM.matcher(metrics).replaceAll("").replace(kafka.topic("visits"), "visits");
      return SOME_HUNDRED_BYTES.matcher(ours).replaceAll("$1 SOME");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void runningJobIsHealthy(String runner) throws Exception {
    kafka.createTopics();
    try (Command run = run("--runner=" + runner)) {
      assertEquals("RUNNING\n", await(run, "/-/healthy", body -> body.startsWith("RUNNING")));
    }
  }

  private Command run(String[] flags, String... more) throws Exception {
    List<String> given = new ArrayList<>(List.of(flags));
    given.addAll(List.of(more));
    return run(given.toArray(String[]::new));
  }

  private Command run(String... flags) throws Exception {
    String[] all = kafka.flags(flags);
    List<String> args = new ArrayList<>(List.of(all));
    args.add("--metricsPort=0");
    return Command.start(folder, List.of(), "run", args.toArray(String[]::new));
  }

  /** Requests the path repeatedly, as a scraper does. */
  private String await(Command run, String path, Predicate<String> isRight) throws Exception {
    run.awaitErr("metrics at", 300);
    Matcher address = ADDRESS.matcher(run.err());
    assertTrue(address.find(), run.err());
    HttpRequest request = HttpRequest.newBuilder(URI.create(address.group(1) + path)).build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (true) {
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      if (isRight.test(body)) {
        return body;
      }
      assertTrue(run.process().isAlive() && System.nanoTime() < deadline, body + run.err());
      run.process().waitFor(100, TimeUnit.MILLISECONDS);
    }
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
