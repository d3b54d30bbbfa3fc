package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Utils;

/** A Flink cluster of several processes, started by {@code runners/flink/cluster.sh}. */
public final class FlinkCluster implements AutoCloseable {
  /** A folder for each cluster, with its logs; kept, so that a failed test can be looked into. */
  private static final Path FOLDERS = Path.of("target", "flink-cluster").toAbsolutePath();

  /** The jars, which one cluster gets for all. */
  private static final Path JARS = FOLDERS.resolve("lib");

  private static final AtomicInteger STARTED = new AtomicInteger();

  private static final Path SCRIPTS = Path.of("runners", "flink").toAbsolutePath();
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
  private static final Duration REST_PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final int port;

  private FlinkCluster(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts a cluster with one slot per TaskManager; {@code flags} are more for cluster.sh. */
  public static FlinkCluster start(String... flags) throws IOException, InterruptedException {
    Path folder = FOLDERS.resolve(ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet());
    FlinkCluster cluster = new FlinkCluster(folder, freePort());
    List<String> all = new ArrayList<>(List.of("--port=" + cluster.port, "--slots=1"));
    all.addAll(List.of(flags));
    try {
      cluster.startProcesses(all);
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** One cluster after the other: each takes ports that are free, and the first one gets jars. */
  private void startProcesses(List<String> flags) throws IOException, InterruptedException {
    synchronized (STARTED) {
      Files.createDirectories(folder);
      try (FileChannel file =
          FileChannel.open(
              FOLDERS.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.lock(); // until it is closed
        Path lib = folder.resolve("lib");
        if (Files.exists(JARS) && Files.notExists(lib)) {
          Files.createSymbolicLink(lib, JARS);
        }
        script("cluster.sh", "start", flags);
        if (Files.notExists(JARS)) {
          Files.createSymbolicLink(JARS, lib);
        }
      }
    }
  }

  /** Where its REST API is, {@code HOST:PORT}. */
  public String address() {
    return "localhost:" + port;
  }

  /** The process {@code jobmanager}, {@code taskmanager-1} ... or {@code zookeeper}. */
  public ProcessHandle process(String name) throws IOException {
    long pid = Long.parseLong(Files.readString(folder.resolve("pids").resolve(name)).strip());
    return ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException(name + " is dead"));
  }

  /** Ends a process as {@code kill -9} does, and waits until it is gone. */
  public void kill(String name) throws IOException {
    kill(process(name));
  }

  /** Ends a process as {@code kill -9} does, and waits until it is gone. */
  public static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Starts the processes that were killed. */
  public void revive() throws IOException, InterruptedException {
    startProcesses(List.of());
  }

  /** Runs a script of {@code runners/flink} on this cluster, and returns what it prints. */
  public String script(String name, String... args) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--flinkMaster=" + address());
    return run(SCRIPTS.resolve(name), all);
  }

  private void script(String name, String command, List<String> flags)
      throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of(command, "--dir=" + folder));
    args.addAll(flags);
    run(SCRIPTS.resolve(name), args);
  }

  private static String run(Path script, List<String> args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(args);
    Path errors = Files.createTempFile("cluster", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("FLINK_ENV_JAVA_OPTS", QUICK_START);
    builder.environment().put("SESSIONIZER_JAVA_OPTS", QUICK_START);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    int exitCode = process.waitFor();
    String err = Files.readString(errors);
    Files.delete(errors);
    if (exitCode != 0) {
      throw new IllegalStateException(
          "%s: exit code %s%n%s%s".formatted(String.join(" ", command), exitCode, out, err));
    }
    return out.strip();
  }

  /** Returns the id of the job of which all subtasks run, if there is one. */
  public Optional<String> runningJob() {
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
  public int checkpoints() {
    return runningJob()
        .map(job -> get("jobs/" + job + "/checkpoints").at("/counts/completed").asInt())
        .orElse(0);
  }

  /** Cancels whatever runs. */
  public void cancelJobs() throws IOException {
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
  public JsonNode get(String path) {
    try {
      return JSON.readTree(send(HttpRequest.newBuilder(uri(path))));
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private byte[] send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
              request.timeout(REST_PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + address() + "/" + path);
  }

  /**
   * Waits for something that becomes true by itself.
   *
   * @throws IllegalStateException if it does not
   */
  public static void await(String what, Duration patience, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(what + ": not so after " + patience);
      }
      Thread.sleep(100);
    }
  }

  @Override
  public void close() {
    try {
      script("cluster.sh", "stop", List.of());
      // All but the logs.
      for (String leftover :
          List.of("settings", "zookeeper", "ha", "checkpoints", "savepoints", "tmp")) {
        Utils.delete(folder.resolve(leftover).toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
