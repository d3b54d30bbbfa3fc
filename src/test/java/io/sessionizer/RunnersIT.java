package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.broker.FreePort;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.flink.EmbeddedMetrics;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Starts a job with each row of the tables of flags in {@code runners/*}{@code /README.md}, has it
 * write a session, and stops it.
 */
class RunnersIT {
  private static final String FIRST = "a@1704067200000";
  private static final String SECOND = "b@1704070200000";

  /** A row: flags, and how they were tried. */
  private static final Pattern ROW =
      Pattern.compile("\\| ((?:`[^`]*`,? ?)+) \\| ((?:live|drained|rejected|, )+) \\|.*");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestKafka kafka = new TestKafka();

  /** The web interface of the job's Flink; null on the DirectRunner. */
  private @Nullable URI flink;

  @TempDir private Path folder;

  static Stream<Arguments> rows() throws IOException {
    List<Arguments> rows = new ArrayList<>();
    for (String runner : List.of("direct", "flink")) {
      for (String line : Files.readAllLines(Path.of("runners", runner, "README.md"))) {
        var row = ROW.matcher(line);
        if (row.matches()) {
          String flags = row.group(1).replace("`", "").replace(",", "");
          for (String job : row.group(2).split(", ", -1)) {
            rows.add(Arguments.of(runner, flags, job));
          }
        }
      }
    }
    assertTrue(rows.size() > 30, "only " + rows.size() + " rows");
    return rows.stream();
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource("rows")
  void flagsBehaveAsDocumented(String runner, String flags, String job) throws Exception {
    List<String> all = new ArrayList<>(List.of("--runner=" + runner));
    for (String flag : flags.split(" ", -1)) {
      all.add(flag.replace("file:///path", folder.toUri().toString()));
    }
    if (runner.equals("flink")) {
      Stream.of("--checkpointingInterval=300", "--maxBundleTimeMills=100")
          .filter(flag -> !flags.contains(flag.substring(0, flag.indexOf('='))))
          .forEach(all::add);
    }
    switch (job) {
      case "rejected" -> assertRejected(all);
      case "drained" -> assertDrains(all);
      default -> assertRunsUntilCancelled(all);
    }
  }

  private void assertRejected(List<String> flags) {
    BadFlagsException e =
        assertThrows(
            BadFlagsException.class, () -> Flags.parse(kafka.flags(flags.toArray(String[]::new))));
    assertEquals(1, e.problems().size(), e.problems()::toString);
  }

  private void assertDrains(List<String> flags) throws Exception {
    writeVisits();
    flags.add("--stopWhenDrained");
    assertEquals(0, SessionizationJob.run(kafka.flags(flags.toArray(String[]::new))));
    assertEquals(List.of(FIRST, SECOND), keys().stream().sorted().toList());
  }

  private void assertRunsUntilCancelled(List<String> flags) throws Exception {
    writeVisits();
    PipelineResult job = start(flags);
    awaitSessions(job, 1);
    assertEquals(List.of(FIRST), keys());
    cancel(job);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink"})
  void countsOpenWindowOverCap(String runner) throws Exception {
    kafka.createTopics(1);
    kafka.writeVisits(0, visit("a", "00:00:00"), visit("a", "00:10:00"), visit("a", "00:20:00"));
    PipelineResult job =
        start(
            new ArrayList<>(
                List.of("--runner=" + runner, "--engine=windows", "--maxSessionDuration=PT15M")));
    LongSupplier overCap =
        () -> windowsOverCap(runner.equals("flink") ? new EmbeddedMetrics() : job.metrics());
    await(job, () -> overCap.getAsLong() == 1);
    kafka.writeVisits(0, visit("b", "01:00:00"));
    awaitSessions(job, 2);
    await(job, () -> keys().size() == 2 && overCap.getAsLong() == 0);
    cancel(job);
  }

  private PipelineResult start(List<String> flags) throws Exception {
    if (flags.contains("--runner=flink")) {
      flags.add("--flinkConfDir=" + flinkConf());
    }
    return SessionizationJob.start(Flags.parse(kafka.flags(flags.toArray(String[]::new))));
  }

  /** As by default, but at a port that is known. */
  private Path flinkConf() throws IOException {
    flink = URI.create("http://localhost:" + FreePort.choose());
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        rest.bind-address: localhost
        rest.bind-port: "%s"
        jobmanager.bind-host: localhost
        taskmanager.bind-host: localhost
        metrics.reporter.jmx.factory.class: org.apache.flink.metrics.jmx.JMXReporterFactory
        """
            .formatted(flink.getPort()));
    return folder;
  }

  /** A job on Flink in this process stops with the process or, as here, as on a cluster. */
  private void cancel(PipelineResult job) throws Exception {
    if (flink == null) {
      job.cancel();
      assertEquals(PipelineResult.State.CANCELLED, job.waitUntilFinish());
      return;
    }
    String id = JSON.readTree(http("GET", "/jobs")).at("/jobs/0/id").asText();
    http("PATCH", "/jobs/" + id);
    RuntimeException e = assertThrows(RuntimeException.class, job::waitUntilFinish);
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertEquals("Job was cancelled.", cause.getMessage());
  }

  private String http(String method, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(flink.resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(2, response.statusCode() / 100, response.body());
    return response.body();
  }

  private void awaitSessions(PipelineResult job, int count) {
    kafka.awaitRecords(
        "sessions", count, () -> assertEquals(PipelineResult.State.RUNNING, job.getState()));
  }

  private static void await(PipelineResult job, BooleanSupplier isDone)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!isDone.getAsBoolean()) {
      assertEquals(PipelineResult.State.RUNNING, job.getState());
      assertTrue(System.nanoTime() < deadline, "not seen in time");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Three visits, of which the last one closes the session of the others. */
  private void writeVisits() throws Exception {
    kafka.createTopics(1);
    kafka.writeVisits(0, visit("a", "00:00:00"), visit("a", "00:05:00"), visit("b", "00:50:00"));
  }

  private List<String> keys() {
    return kafka.read("sessions").stream().map(r -> new String(r.key(), UTF_8)).toList();
  }

  private static long windowsOverCap(MetricResults metrics) {
    return StreamSupport.stream(
            metrics.queryMetrics(MetricsFilter.builder().build()).getCounters().spliterator(),
            false)
        .filter(counter -> counter.getName().getName().equals("windows_over_cap"))
        .mapToLong(counter -> counter.getAttempted())
        .sum();
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
