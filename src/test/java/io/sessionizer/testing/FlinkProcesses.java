package io.sessionizer.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.broker.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A Flink cluster of processes with the libraries of the jar, a JobManager and three TaskManagers
 * with a slot each. Another TaskManager starts within seconds, since Java maps its classes from an
 * archive; {@link FlinkCluster} is what users start.
 */
public final class FlinkProcesses extends FlinkRest implements AutoCloseable {
  private static final int TASK_MANAGERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final FlinkFolder folder;
  private final Path emptyJar;
  private final Thread closing = new Thread(this::killAll, "kill-flink");

  private final List<Process> all = new ArrayList<>();

  /** By the identifier that the cluster knows them by, in the order in which they were started. */
  private final Map<String, Process> taskManagers = new TreeMap<>();

  private int started;

  private FlinkProcesses(FlinkFolder folder, String address) {
    super(address);
    this.folder = folder;
    this.emptyJar = folder.path().resolve("empty.jar");
    Runtime.getRuntime().addShutdownHook(closing);
  }

  /**
   * Starts a cluster.
   *
   * @param folder for its checkpoints, other files, and logs
   * @param stateBackend hashmap or rocksdb
   */
  public static FlinkProcesses start(Path folder, String stateBackend) throws Exception {
    int port = FreePort.choose();
    FlinkFolder files =
        FlinkFolder.create(
            folder,
            port,
            """
            jobmanager.rpc.port: %s
            # A dead process is missed after two heartbeats without a connection. A slow one is not.
            heartbeat.timeout: 300000
            state.backend.type: %s
            state.backend.incremental: true
            """
                .formatted(FreePort.choose(), stateBackend));
    FlinkProcesses cluster = new FlinkProcesses(files, "localhost:" + port);
    try {
      new JarOutputStream(Files.newOutputStream(cluster.emptyJar), new Manifest()).close();
      cluster.launch("jobmanager", StandaloneSessionClusterEntrypoint.class);
      for (int i = 0; i < TASK_MANAGERS; i++) {
        cluster.startTaskManager();
      }
      FlinkCluster.await(
          "TaskManagers",
          PATIENCE,
          () -> {
            cluster.requireRunning();
            return cluster.get("overview").path("taskmanagers").asInt() == TASK_MANAGERS;
          });
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void requireRunning() throws IOException {
    for (Map.Entry<String, Process> taskManager : taskManagers.entrySet()) {
      if (!taskManager.getValue().isAlive()) {
        throw new IllegalStateException(Files.readString(folder.log(taskManager.getKey())));
      }
    }
  }

  /** The flag of a job on it: its classes are those of the processes. */
  public String stagesNothing() {
    return "--filesToStage=" + emptyJar;
  }

  /**
   * Ends a TaskManager that runs subtasks, the one that was started first, as {@code kill -9} does,
   * and starts another.
   */
  public void replaceOne() throws Exception {
    FlinkCluster.await("a TaskManager with subtasks", PATIENCE, () -> !busy().isEmpty());
    FlinkCluster.kill(taskManagers.remove(busy().get(0)).toHandle());
    startTaskManager();
  }

  private List<String> busy() {
    List<String> busy = new ArrayList<>();
    for (JsonNode taskManager : get("taskmanagers").path("taskmanagers")) {
      String id = taskManager.path("id").asText();
      if (taskManagers.containsKey(id) && taskManager.path("freeSlots").asInt() == 0) {
        busy.add(id);
      }
    }
    busy.sort(null);
    return busy;
  }

  private void startTaskManager() throws IOException {
    String id = "taskmanager-%s".formatted(100 + started++);
    taskManagers.put(id, launch(id, TaskManagerRunner.class, "-Dtaskmanager.resource-id=" + id));
  }

  private Process launch(String name, Class<?> main, String... settings) throws IOException {
    List<String> args = new ArrayList<>(List.of("--configDir", folder.conf().toString()));
    args.addAll(List.of(settings));
    Process process = folder.launch(name, main, args.toArray(String[]::new));
    all.add(process);
    return process;
  }

  private void killAll() {
    all.forEach(Process::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(closing);
  }
}
