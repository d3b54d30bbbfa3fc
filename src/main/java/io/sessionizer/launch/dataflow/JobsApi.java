package io.sessionizer.launch.dataflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/** Queries the jobs of a project and region from Dataflow, by its API v1b3. */
public final class JobsApi {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Pauses before a request is repeated that was too much for the service. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DataflowFlags flags;
  private final PipelineOptions options;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private JobsApi(DataflowFlags flags, PipelineOptions options) {
    this.flags = flags;
    this.options = options;
  }

  /** Queries with the credentials that {@code options} have for the runner. */
  public static JobsApi of(DataflowFlags flags, PipelineOptions options) {
    return new JobsApi(flags, options);
  }

  /**
   * Returns the id of the job of this name that is not over, if there is one.
   *
   * @throws NotReadyException if Dataflow does not respond, or denies it
   */
  public Optional<String> active() throws NotReadyException {
    String page = "";
    do {
      JsonNode response = get("jobs?filter=ACTIVE" + page);
      for (JsonNode job : response.path("jobs")) {
        if (job.path("name").asText().equals(flags.jobName())) {
          return Optional.of(job.path("id").asText());
        }
      }
      String next = response.path("nextPageToken").asText();
      page = next.isEmpty() ? "" : "&pageToken=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    } while (!page.isEmpty());
    return Optional.empty();
  }

  /**
   * Returns the steps of a job, as Dataflow has them.
   *
   * @throws NotReadyException if Dataflow does not respond, or has no steps of it
   */
  public List<String> steps(String jobId) throws NotReadyException {
    JsonNode job = get("jobs/" + jobId + "?view=JOB_VIEW_ALL");
    List<String> steps = new ArrayList<>(stepNames(job));
    if (steps.isEmpty()) {
      for (JsonNode transform : job.at("/pipelineDescription/originalPipelineTransform")) {
        steps.add(transform.path("name").asText());
      }
    }
    if (steps.isEmpty()) {
      throw notReady("does not report the steps of job " + jobId);
    }
    return steps;
  }

  /** Returns the names of the steps of a job that is written as the API has it. */
  static List<String> stepNames(JsonNode job) {
    List<String> names = new ArrayList<>();
    for (JsonNode step : job.path("steps")) {
      JsonNode name = step.at("/properties/user_name");
      // In some of the API's forms a text has a type.
      names.add((name.isObject() ? name.path("value") : name).asText());
    }
    return names;
  }

  private JsonNode get(String path) throws NotReadyException {
    URI uri =
        URI.create(
            "%sv1b3/projects/%s/locations/%s/%s"
                .formatted(flags.endpoint(), flags.project(), flags.region(), path));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    GoogleCredentials.headers(options, uri)
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    HttpResponse<byte[]> response = send(request.build());
    for (Duration pause : PAUSES) {
      if (isTooMuch(response)) {
        sleep(pause);
        response = send(request.build());
      }
    }
    return body(response);
  }

  private static boolean isTooMuch(HttpResponse<?> response) {
    return response.statusCode() == 429 || response.statusCode() >= 500;
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws NotReadyException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw notReady("does not respond at %s (%s)".formatted(flags.endpoint(), e));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void sleep(Duration pause) throws NotReadyException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private NotReadyException interrupted() {
    Thread.currentThread().interrupt();
    return notReady("did not respond before this command was interrupted");
  }

  private JsonNode body(HttpResponse<byte[]> response) throws NotReadyException {
    try {
      JsonNode body = JSON.readTree(response.body());
      if (response.statusCode() == 200) {
        return body;
      }
      String message = body.at("/error/message").asText();
      throw notReady(
          switch (response.statusCode()) {
            case 401, 403 ->
                "rejects the request: %s (the credentials need the role roles/dataflow.developer in this project)"
                    .formatted(message);
            case 400, 404 -> "knows no such project or region: " + message;
            default -> "responds with status %s: %s".formatted(response.statusCode(), message);
          });
    } catch (JsonProcessingException e) {
      throw notReady("responds with status %s, and no JSON".formatted(response.statusCode()));
    } catch (IOException e) {
      throw new IllegalStateException("reads from memory", e);
    }
  }

  private NotReadyException notReady(String what) {
    return new NotReadyException(
        "Dataflow (project %s, region %s) %s".formatted(flags.project(), flags.region(), what));
  }
}
