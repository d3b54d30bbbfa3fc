package io.sessionizer.launch.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Checks a Flink cluster, by its REST API, before a job is handed to it. */
public final class ClusterCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String VERSION = "1.19.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String master;
  private final URI api;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private ClusterCheck(String master, URI api) {
    this.master = master;
    this.api = api;
  }

  /** Checks the cluster at {@code master}, which is HOST:PORT, with or without a scheme. */
  public static ClusterCheck of(String master) {
    return new ClusterCheck(
        master, URI.create((master.contains("://") ? master : "http://" + master) + "/"));
  }

  /** The address of its web interface. */
  public URI webInterface() {
    return api;
  }

  /**
   * Makes sure that the cluster responds and is of the version that the job is built for.
   *
   * @throws NotReadyException if not
   */
  public void requireVersion() throws NotReadyException {
    String version = get("config").path("flink-version").asText();
    if (!version.startsWith(VERSION)) {
      throw new NotReadyException(
          "Flink at %s has version %s, but the job is built for %sx"
              .formatted(master, version, VERSION));
    }
  }

  /**
   * Makes sure that checkpoints go to files. Flink's own default keeps them in the JobManager's
   * memory, 5 MB at most: with more state every checkpoint fails, and a failed job restarts at the
   * first visit, for ever.
   *
   * @throws NotReadyException if not
   */
  public void requireCheckpointFolder() throws NotReadyException {
    for (JsonNode setting : get("jobmanager/config")) {
      if (setting.path("key").asText().equals("state.checkpoints.dir")) {
        return;
      }
    }
    throw new NotReadyException(
        "Flink at %s keeps checkpoints in memory, 5 MB at most: set state.checkpoints.dir in its"
                .formatted(master)
            + " configuration, or give --stateBackend and --stateBackendStoragePath");
  }

  /**
   * Returns how many subtasks of a step could run now.
   *
   * @throws NotReadyException if none could
   */
  public int freeSlots() throws NotReadyException {
    JsonNode overview = get("overview");
    int free = overview.path("slots-available").asInt();
    if (free == 0) {
      throw new NotReadyException(
          "Flink at %s has no free slot (%s in all, %s jobs running): stop a job, or start a"
                  .formatted(
                      master,
                      overview.path("slots-total").asInt(),
                      overview.path("jobs-running").asInt())
              + " TaskManager");
    }
    return free;
  }

  private JsonNode get(String path) throws NotReadyException {
    try {
      HttpRequest request = HttpRequest.newBuilder(api.resolve(path)).timeout(PATIENCE).build();
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        return JSON.readTree(response.body());
      }
      throw notReady("responds with status " + response.statusCode());
    } catch (IOException | IllegalArgumentException e) {
      throw notReady("does not respond (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notReady("did not respond before this command was interrupted");
    }
  }

  private NotReadyException notReady(String what) {
    return new NotReadyException(
        "Flink at %s %s: start one with runners/flink/cluster.sh start, or name yours with"
                .formatted(master, what)
            + " --flinkMaster=HOST:PORT");
  }
}
