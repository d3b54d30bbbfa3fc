package io.sessionizer.launch.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Responses of Flink's REST API are copied from a cluster; FlinkClusterIT has a real one. */
class ClusterCheckTest {
  private final Map<String, String> responses = new HashMap<>();
  private HttpServer server;
  private String master;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
    master = "localhost:" + server.getAddress().getPort();
  }

  private void respond(HttpExchange exchange) throws IOException {
    String response = responses.get(exchange.getRequestURI().getPath());
    if (response == null) {
      exchange.sendResponseHeaders(503, -1);
    } else {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(response.getBytes(UTF_8));
    }
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void acceptsClusterOfSameVersion() throws Exception {
    responses.put("/config", "{\"refresh-interval\":3000,\"flink-version\":\"1.19.3\"}");
    ClusterCheck.of(master).requireVersion();
    ClusterCheck.of("http://" + master).requireVersion();
  }

  @Test
  void rejectsClusterOfOtherVersion() {
    responses.put("/config", "{\"flink-version\":\"1.20.0\"}");
    assertProblem(
        "Flink at " + master + " has version 1.20.0, but the job is built for 1.19.x",
        () -> ClusterCheck.of(master).requireVersion());
  }

  @Test
  void rejectsCheckpointsInMemory() {
    responses.put("/jobmanager/config", "[{\"key\":\"state.backend.type\",\"value\":\"rocksdb\"}]");
    assertProblem(
        "Flink at "
            + master
            + " keeps checkpoints in memory, 5 MB at most: set state.checkpoints.dir in its"
            + " configuration, or give --stateBackend and --stateBackendStoragePath",
        () -> ClusterCheck.of(master).requireCheckpointFolder());
  }

  @Test
  void acceptsClusterWithCheckpointFolder() throws Exception {
    responses.put(
        "/jobmanager/config",
        "[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"state.checkpoints.dir\",\"value\":\"s3://x\"}]");
    ClusterCheck.of(master).requireCheckpointFolder();
  }

  @Test
  void countsFreeSlots() throws Exception {
    responses.put("/overview", "{\"slots-total\":4,\"slots-available\":3,\"jobs-running\":1}");
    assertEquals(3, ClusterCheck.of(master).freeSlots());
  }

  @Test
  void rejectsClusterWithoutFreeSlot() {
    responses.put("/overview", "{\"slots-total\":4,\"slots-available\":0,\"jobs-running\":2}");
    assertProblem(
        "Flink at "
            + master
            + " has no free slot (4 in all, 2 jobs running): stop a job, or start a TaskManager",
        () -> ClusterCheck.of(master).freeSlots());
  }

  @Test
  void namesUnreadyClusterWithStatus() {
    assertProblem(
        "Flink at "
            + master
            + " responds with status 503: start one with runners/flink/cluster.sh start, or name"
            + " yours with --flinkMaster=HOST:PORT",
        () -> ClusterCheck.of(master).freeSlots());
  }

  @Test
  void namesUnreachableClusterWithReason() {
    server.stop(0);
    NotReadyException problem =
        assertThrows(NotReadyException.class, () -> ClusterCheck.of(master).requireVersion());
    assertTrue(
        problem.getMessage().startsWith("Flink at " + master + " does not respond (java.net."),
        problem.getMessage());
  }

  private static void assertProblem(String message, Executable check) {
    assertEquals(message, assertThrows(NotReadyException.class, check).getMessage());
  }
}
