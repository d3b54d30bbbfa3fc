package io.sessionizer.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.broker.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Spark cluster on this machine, a master and a worker, which are processes, and a {@code
 * SPARK_HOME} of the same version.
 */
final class SparkCluster implements AutoCloseable {
  /** Spark, as the build has copied it. */
  private static final Path JARS = Path.of("target", "spark", "spark").toAbsolutePath();

  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  /** For drivers and executors. */
  private static final Map<String, String> CONF =
      Map.of(
          "spark.driver.host", "localhost",
          "spark.driver.bindAddress", "localhost",
          "spark.ui.enabled", "false",
          "spark.executor.extraJavaOptions", QUICK_START);

  private static final int SECONDS_TO_START = 120;

  private final Path home;
  private final Path local;
  private final Path log;
  private final int port;
  private final List<Process> processes = new ArrayList<>();
  private final Thread whenKilled = new Thread(this::kill);

  private SparkCluster(Path folder, int port) {
    this.home = folder.resolve("home");
    this.local = folder.resolve("local");
    this.log = folder.resolve("cluster.log");
    this.port = port;
  }

  /** Starts a cluster whose files are in a folder. */
  static SparkCluster start(Path folder) throws IOException, InterruptedException {
    SparkCluster cluster = new SparkCluster(folder, FreePort.choose());
    Runtime.getRuntime().addShutdownHook(cluster.whenKilled);
    try {
      cluster.start();
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void start() throws IOException, InterruptedException {
    makeHome();
    launch(
        "master.Master",
        "--host",
        "localhost",
        "--port",
        String.valueOf(port),
        "--webui-port",
        "0");
    waitForLog("New state: ALIVE");
    launch(
        "worker.Worker",
        "--host",
        "localhost",
        "--port",
        "0",
        "--webui-port",
        "0",
        "--cores",
        "2",
        "--memory",
        "1g",
        "--work-dir",
        home.resolve("work").toString(),
        master());
    waitForLog("Successfully registered with master");
  }

  private void makeHome() throws IOException {
    Path submit = Path.of("runners", "spark", "test", "bin", "spark-submit");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("conf"));
    Files.createDirectories(local);
    Files.createSymbolicLink(home.resolve("jars"), JARS);
    Files.copy(submit, home.resolve("bin/spark-submit"), StandardCopyOption.COPY_ATTRIBUTES);
    StringBuilder conf = new StringBuilder();
    CONF.forEach((name, value) -> conf.append(name).append(' ').append(value).append('\n'));
    Files.writeString(home.resolve("conf/spark-defaults.conf"), conf);
  }

  private void launch(String main, String... args) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                QUICK_START,
                "-XX:+UseSerialGC",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                JARS + "/*",
                "org.apache.spark.deploy." + main));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_DIRS", local.toString());
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    processes.add(builder.start());
  }

  private void waitForLog(String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    Process last = processes.get(processes.size() - 1);
    while (!log().contains(text)) {
      if (!last.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("no '" + text + "' in:\n" + log());
      }
      last.waitFor(100, TimeUnit.MILLISECONDS);
    }
  }

  private String log() throws IOException {
    return Files.exists(log) ? Files.readString(log, UTF_8) : "";
  }

  /** Kills the executor of the only job, once it has written results that are still needed. */
  void loseExecutor() throws IOException, InterruptedException {
    Process worker = processes.get(processes.size() - 1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    List<ProcessHandle> executors = List.of();
    while (executors.isEmpty() || !hasShuffleFile()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no executor has written anything:\n" + log());
      }
      worker.waitFor(20, TimeUnit.MILLISECONDS);
      executors = worker.descendants().toList();
    }
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  private boolean hasShuffleFile() throws IOException {
    try (Stream<Path> files = Files.walk(local)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("shuffle_"));
    } catch (UncheckedIOException e) {
      return false; // a folder was deleted meanwhile
    }
  }

  /** Where drivers find it. */
  String master() {
    return "spark://localhost:" + port;
  }

  /** Its Spark. */
  Path home() {
    return home;
  }

  /** Returns the configuration for a driver that is not started with the Spark of the cluster. */
  String javaOptions() {
    StringBuilder options = new StringBuilder(QUICK_START);
    CONF.forEach((name, value) -> options.append(" -D").append(name).append('=').append(value));
    return options.toString();
  }

  private void kill() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(whenKilled);
    kill();
    processes.forEach(process -> process.onExit().join());
  }
}
