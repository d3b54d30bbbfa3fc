package io.sessionizer.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A Flink cluster, by its REST API. */
public abstract class FlinkRest {
  private static final Duration REST_PATIENCE = Duration.ofSeconds(10);
  private static final Duration RUN_PATIENCE = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;

  FlinkRest(String address) {
    this.address = address;
  }

  /** Where its REST API is, {@code HOST:PORT}. */
  public final String address() {
    return address;
  }

  /** Returns the id of the job of which all subtasks run, if there is one. */
  public final Optional<String> runningJob() {
    for (JsonNode job : get("jobs/overview").path("jobs")) {
      // A reader that has nothing to read is finished.
      int up = job.at("/tasks/running").asInt() + job.at("/tasks/finished").asInt();
      if (job.path("state").asText().equals("RUNNING") && up == job.at("/tasks/total").asInt()) {
        return Optional.of(job.path("jid").asText());
      }
    }
    return Optional.empty();
  }

  /** Returns how many checkpoints of the job that runs are complete. */
  public final int checkpoints() {
    return runningJob()
        .map(job -> get("jobs/" + job + "/checkpoints").at("/counts/completed").asInt())
        .orElse(0);
  }

  /** Cancels whatever runs. */
  public final void cancelJobs() throws IOException {
    for (JsonNode job : get("jobs/overview").path("jobs")) {
      if (!job.path("state").asText().matches("FINISHED|CANCELED|FAILED")) {
        URI uri = uri("jobs/" + job.path("jid").asText());
        HttpRequest.BodyPublisher nothing = HttpRequest.BodyPublishers.noBody();
        send(HttpRequest.newBuilder(uri).method("PATCH", nothing));
      }
    }
  }

  /**
   * Queries the REST API; nothing is a MissingNode, since the process that responds may just be
   * dead.
   */
  public final JsonNode get(String path) {
    try {
      return JSON.readTree(send(HttpRequest.newBuilder(uri(path))));
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  /**
   * Uploads a jar and runs its main class in the JobManager, as the web interface does.
   *
   * @return the response
   */
  public final JsonNode runInJobManager(Path jar, String savepoint, String... args)
      throws IOException {
    String boundary = "boundary-of-the-only-part";
    HttpRequest.Builder upload =
        HttpRequest.newBuilder(uri("jars/upload"))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofString(
                        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\nContent-Type: application/java-archive\r\n\r\n"
                            .formatted(boundary, jar.getFileName())),
                    HttpRequest.BodyPublishers.ofFile(jar),
                    HttpRequest.BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary))));
    String uploaded = JSON.readTree(send(upload, RUN_PATIENCE)).path("filename").asText();
    String id = uploaded.substring(uploaded.lastIndexOf('/') + 1);
    byte[] run =
        JSON.writeValueAsBytes(Map.of("savepointPath", savepoint, "programArgsList", args));
    return JSON.readTree(
        send(
            HttpRequest.newBuilder(uri("jars/" + id + "/run"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(run)),
            RUN_PATIENCE));
  }

  private byte[] send(HttpRequest.Builder request) throws IOException {
    return send(request, REST_PATIENCE);
  }

  private byte[] send(HttpRequest.Builder request, Duration patience) throws IOException {
    try {
      return http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofByteArray())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + address + "/" + path);
  }
}
