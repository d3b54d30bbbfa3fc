package io.sessionizer.launch.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results of Dataflow's responses; DataflowIT has whole conversations. */
class JobsApiTest {
  private static final String JOBS = "/v1b3/projects/my-project-1/locations/europe-west1/jobs";

  private final Map<String, String> responses = new HashMap<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  private void respond(HttpExchange exchange) throws IOException {
    String response = responses.get(exchange.getRequestURI().toString());
    exchange.sendResponseHeaders(response == null ? 404 : 200, 0);
    exchange.getResponseBody().write(String.valueOf(response).getBytes(UTF_8));
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void findsJobOnAnyPage() throws Exception {
    responses.put(
        JOBS + "?filter=ACTIVE",
        "{\"jobs\":[{\"id\":\"1\",\"name\":\"other\"}],\"nextPageToken\":\"a&b\"}");
    responses.put(
        JOBS + "?filter=ACTIVE&pageToken=a%26b",
        "{\"jobs\":[{\"id\":\"2\",\"name\":\"sessionizer\"}]}");
    assertEquals(Optional.of("2"), api().active());
  }

  @Test
  void findsNoJobAmongNone() throws Exception {
    responses.put(JOBS + "?filter=ACTIVE", "{}");
    assertEquals(Optional.empty(), api().active());
  }

  @Test
  void readsStepsFromGraphOrDescription() throws Exception {
    responses.put(
        JOBS + "/1?view=JOB_VIEW_ALL",
        "{\"steps\":[{\"properties\":{\"user_name\":\"A/B\"}},{\"properties\":{\"user_name\":"
            + "{\"@type\":\"http://schema.org/Text\",\"value\":\"C\"}}}]}");
    assertEquals(List.of("A/B", "C"), api().steps("1"));
    responses.put(
        JOBS + "/2?view=JOB_VIEW_ALL",
        "{\"pipelineDescription\":{\"originalPipelineTransform\":[{\"id\":\"s1\",\"name\":\"D\"}]}}");
    assertEquals(List.of("D"), api().steps("2"));
  }

  @Test
  void reportsJobWithoutSteps() {
    responses.put(JOBS + "/1?view=JOB_VIEW_ALL", "{\"name\":\"sessionizer\"}");
    assertEquals(
        "Dataflow (project my-project-1, region europe-west1) does not report the steps of job 1",
        assertThrows(NotReadyException.class, () -> api().steps("1")).getMessage());
  }

  @Test
  void reportsResponseWithoutJson() {
    responses.put(JOBS + "?filter=ACTIVE", "<html>");
    assertEquals(
        "Dataflow (project my-project-1, region europe-west1) responds with status 200, and no JSON",
        assertThrows(NotReadyException.class, () -> api().active()).getMessage());
  }

  private JobsApi api() throws Exception {
    SessionizationOptions options =
        Flags.parse(
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--tempLocation=gs://my-bucket/temp",
                "--dataflowEndpoint=http://127.0.0.1:" + server.getAddress().getPort(),
                "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory")
            .options();
    return JobsApi.of(DataflowFlags.of(options), options);
  }
}
