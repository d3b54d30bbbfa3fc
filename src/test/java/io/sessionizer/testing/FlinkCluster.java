package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.broker.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Utils;

/** A Flink cluster of several processes, started by {@code runners/flink/cluster.sh}. */
public final class FlinkCluster extends FlinkRest implements AutoCloseable {
  /** The jar that clusters get, as the build has made it. */
  public static final Path JOB = Path.of("target", "sessionizer-flink.jar").toAbsolutePath();

  /** A folder for each cluster, with its logs; kept, so that a failed test can be looked into. */
  private static final Path FOLDERS = Path.of("target", "flink-cluster").toAbsolutePath();

  /** The jars, which one cluster gets for all. */
  private static final Path JARS = FOLDERS.resolve("lib");

  private static final AtomicInteger STARTED = new AtomicInteger();

  private static final Path SCRIPTS = Path.of("runners", "flink").toAbsolutePath();
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Path folder;
  private final int port;

  private FlinkCluster(Path folder, int port) {
    super("localhost:" + port);
    this.folder = folder;
    this.port = port;
  }

  /** Starts a cluster with one slot per TaskManager; {@code flags} are more for cluster.sh. */
  public static FlinkCluster start(String... flags) throws IOException, InterruptedException {
    Path folder = FOLDERS.resolve(ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet());
    FlinkCluster cluster = new FlinkCluster(folder, FreePort.choose());
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

  /** Where checkpoints are; deleted with the cluster. */
  public Path checkpointFolder() {
    return folder.resolve("checkpoints");
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
}
