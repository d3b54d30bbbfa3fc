package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.Flags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;

/** The endpoint of small jobs; that of the real one is in {@code MetricsIT}. */
class JobEndpointTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void isNotHealthyBeforeTheJobIsStarted() throws Exception {
    try (JobEndpoint endpoint = JobEndpoint.open(settings("--metricsPort=0"))) {
      assertEquals("503 STARTING\n", get(endpoint, "/-/healthy"));
      assertEquals(
          """
          200 # HELP sessionizer_job_running 1 while the job runs, else 0.
          # TYPE sessionizer_job_running gauge
          sessionizer_job_running 0.0
          """,
          get(endpoint, "/metrics"));
    }
  }

  @Test
  void isHealthyWhenTheJobHasEndedAsItWasMeantTo() throws Exception {
    try (JobEndpoint endpoint = JobEndpoint.open(settings("--metricsPort=0"))) {
      PipelineResult job = job(1);
      endpoint.watch(job);
      job.waitUntilFinish();
      assertEquals("200 DONE\n", get(endpoint, "/-/healthy"));
    }
  }

  @Test
  void isNotHealthyWhenTheJobHasFailed() throws Exception {
    try (JobEndpoint endpoint = JobEndpoint.open(settings("--metricsPort=0"))) {
      PipelineResult job = job(0);
      endpoint.watch(job);
      assertThrows(RuntimeException.class, job::waitUntilFinish);
      assertEquals("503 FAILED\n", get(endpoint, "/-/healthy"));
      assertTrue(get(endpoint, "/metrics").endsWith("sessionizer_job_running 0.0\n"));
    }
  }

  @Test
  void listensOnLoopbackUnlessToldOtherwise() throws Exception {
    try (JobEndpoint endpoint = JobEndpoint.open(settings("--metricsPort=0"))) {
      assertTrue(endpoint.address().startsWith("127.0.0.1:"), endpoint.address());
    }
    try (JobEndpoint endpoint =
        JobEndpoint.open(settings("--metricsPort=0", "--metricsHost=0.0.0.0"))) {
      assertTrue(endpoint.address().startsWith("0.0.0.0:"), endpoint.address());
    }
  }

  @Test
  void saysWhichPortIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Settings settings = settings("--metricsPort=" + taken.getLocalPort());
      assertEquals(
          "cannot listen at 127.0.0.1:%d (Address already in use): end what listens there, or choose another --metricsPort"
              .formatted(taken.getLocalPort()),
          assertThrows(NotReadyException.class, () -> JobEndpoint.open(settings)).getMessage());
    }
  }

  @Test
  void saysWhichHostThereIsNot() throws Exception {
    Settings settings = settings("--metricsPort=0", "--metricsHost=no.such.host.invalid");
    assertEquals(
        "no such address: --metricsHost=no.such.host.invalid; name one of this machine's, or leave it out",
        assertThrows(NotReadyException.class, () -> JobEndpoint.open(settings)).getMessage());
  }

  /** A job that fails with a divisor of 0. */
  private static PipelineResult job(int divisor) throws Exception {
    Pipeline pipeline = Pipeline.create(Flags.parse());
    pipeline.apply("One", Create.of(divisor)).apply("Divide", ParDo.of(new DivideFn()));
    return BackgroundJob.start(pipeline, () -> {});
  }

  private static final class DivideFn extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void divide(@Element Integer divisor, OutputReceiver<Integer> out) {
      out.output(1 / divisor);
    }
  }

  private static Settings settings(String... flags) throws Exception {
    return Settings.from(Flags.parse(flags));
  }

  private String get(JobEndpoint endpoint, String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }
}
