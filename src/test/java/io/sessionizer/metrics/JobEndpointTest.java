package io.sessionizer.metrics;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;

/** The endpoint with small jobs; {@code MetricsIT} has the real one. */
class JobEndpointTest {
  private static final Pattern LINK = Pattern.compile("<a href=\"([^\"]*)\"");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void unhealthyBeforeJobStarts() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      assertEquals("503 STARTING\n", get(endpoint, "/-/healthy"));
      assertEquals(
          """
          sessionizer_attribute_values_skipped_total 0.0
          sessionizer_job_running 0.0
          sessionizer_partitions_restarted_total 0.0
          sessionizer_records_deleted_total 0.0
          sessionizer_sessions_written_total 0.0
          sessionizer_shard_index_bytes 0.0
          sessionizer_shard_log_bytes 0.0
          sessionizer_visit_ids_held 0.0
          sessionizer_visits_accepted_total 0.0
          sessionizer_visits_excluded_total 0.0
          sessionizer_visits_filtered_total 0.0
          sessionizer_visits_late_total 0.0
          sessionizer_visits_overlap_total 0.0
          sessionizer_visits_read_total 0.0
          sessionizer_visits_rejected_total 0.0
          sessionizer_visits_rejected_by_reason_total{reason="BAD_EVENT_TIME"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="BAD_FIELD_TYPE"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="EMPTY"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="FUTURE_EVENT_TIME"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="MISSING_EVENT_TIME"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="MISSING_VISIT_ID"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="NOT_AN_OBJECT"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="NOT_IN_FORMAT"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="NOT_JSON"} 0.0
          sessionizer_visits_rejected_by_reason_total{reason="TOO_LARGE"} 0.0
          sessionizer_windows_over_cap 0.0
          """,
          ours(endpoint));
    }
  }

  @Test
  void healthyAfterJobFinishes() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      PipelineResult job = job(1);
      endpoint.watch(job);
      job.waitUntilFinish();
      assertEquals("200 DONE\n", get(endpoint, "/-/healthy"));
    }
  }

  @Test
  void unhealthyAfterJobFails() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      PipelineResult job = job(0);
      endpoint.watch(job);
      assertThrows(RuntimeException.class, job::waitUntilFinish);
      String health = get(endpoint, "/-/healthy");
      // The DirectRunner throws its exception first, and then reports the state FAILED.
      for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
          health.equals("200 RUNNING\n") && System.nanoTime() < end; ) {
        health = get(endpoint, "/-/healthy");
      }
      assertEquals("503 FAILED\n", health);
      assertTrue(ours(endpoint).contains("sessionizer_job_running 0.0\n"), ours(endpoint));
    }
  }

  @Test
  void servesMetricsOfJvm() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      String metrics = get(endpoint, "/metrics");
      for (String metric :
          List.of(
              "jvm_memory_used_bytes{area=\"heap\"}",
              "jvm_gc_collection_seconds_count",
              "jvm_threads_current",
              "process_cpu_seconds_total",
              "process_open_fds")) {
        assertTrue(metrics.contains("\n" + metric), metrics);
      }
    }
  }

  @Test
  void rootLinksToEveryPath() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      List<String> links =
          LINK.matcher(get(endpoint, "/")).results().map(link -> link.group(1)).toList();
      assertEquals(List.of("/metrics", "/-/healthy"), links);
      assertEquals("404 there are /metrics and /-/healthy\n", get(endpoint, "/health"));
    }
  }

  @Test
  void listensOnLoopbackByDefault() throws Exception {
    try (JobEndpoint endpoint = open("--metricsPort=0")) {
      assertTrue(endpoint.address().startsWith("127.0.0.1:"), endpoint.address());
    }
    try (JobEndpoint endpoint = open("--metricsPort=0", "--metricsHost=0.0.0.0")) {
      assertTrue(endpoint.address().startsWith("0.0.0.0:"), endpoint.address());
    }
  }

  @Test
  void namesPortInUse() throws Exception {
    try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "--metricsPort=" + inUse.getLocalPort();
      assertEquals(
          "cannot listen at 127.0.0.1:%s (Address already in use): stop the program that listens there, or choose another --metricsPort"
              .formatted(inUse.getLocalPort()),
          assertThrows(NotReadyException.class, () -> open(port)).getMessage());
    }
  }

  @Test
  void namesUnknownHost() {
    assertEquals(
        "no such address: --metricsHost=no.such.host.invalid; use an address of this machine, or omit the flag",
        assertThrows(
                NotReadyException.class,
                () -> open("--metricsPort=0", "--metricsHost=no.such.host.invalid"))
            .getMessage());
  }

  /** A job that fails with a divisor of 0. */
  private static PipelineResult job(int divisor) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--blockOnRun=false")
                .create());
    pipeline.apply("One", Create.of(divisor)).apply("Divide", ParDo.of(new DivideFn()));
    return pipeline.run();
  }

  private static final class DivideFn extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void divide(@Element Integer divisor, OutputReceiver<Integer> out) {
      out.output(1 / divisor);
    }
  }

  private static JobEndpoint open(String... flags) throws Exception {
    return JobEndpoint.open(Flags.parse(flags).settings().metrics(), NotReadyException::new);
  }

  /** The values of the job's own metrics, without those of the JVM. */
  private String ours(JobEndpoint endpoint) throws IOException, InterruptedException {
    return get(endpoint, "/metrics")
        .lines()
        .filter(line -> line.startsWith("sessionizer_"))
        .collect(joining("\n", "", "\n"));
  }

  private String get(JobEndpoint endpoint, String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
