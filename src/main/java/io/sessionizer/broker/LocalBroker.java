package io.sessionizer.broker;

import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A single Kafka broker (KRaft) in a process of its own, listening on loopback only. The process
 * exits when this JVM exits or is killed.
 */
public final class LocalBroker implements AutoCloseable {
  /** A property of this JVM: the option of the broker's JVM that names its class-data archive. */
  public static final String CLASS_DATA = "sessionizer.brokerClassData";

  private static final String HOST = "127.0.0.1";
  private static final String LOG = "broker.log";

  /** A property of this JVM: more options for the broker's, with spaces between them. */
  private static final String OPTIONS = "sessionizer.brokerOptions";

  /** For a machine that is short of CPU time: a broker that cannot start exits. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  /** Another program may listen on a chosen port before the broker does. */
  private static final int MAX_TRIES = 5;

  private static final Pattern PORT_IN_USE = Pattern.compile("Address already in use");

  /** Making a class-data archive takes the broker's JVM some seconds more. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  /** Errors of the operating system for a folder that cannot be written. */
  private static final Pattern CANNOT_WRITE =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|File too large|Read-only file system");

  /** The port of a broker that is about to start. */
  @FunctionalInterface
  interface ListenerPort {
    int choose() throws NotReadyException;
  }

  private final Process process;
  private final int port;
  private final Path folder;

  private LocalBroker(Process process, int port, Path folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  /**
   * Starts a broker and waits until it is ready, its group coordinator included.
   *
   * @param folder the folder of its data and its log, {@code broker.log}; created if missing
   * @param port the port to listen on; 0 for any free one
   * @throws NotReadyException if the port is in use or the broker does not start
   */
  public static LocalBroker start(Path folder, int port) throws NotReadyException {
    return start(folder, port, Map.of());
  }

  /**
   * Starts a broker and waits until it is ready, its group coordinator included.
   *
   * @param folder the folder of its data and its log, {@code broker.log}; created if missing
   * @param port the port to listen on; 0 for any free one
   * @param settings settings of the broker, which override the defaults
   * @throws NotReadyException if the port is in use or the broker does not start
   */
  public static LocalBroker start(Path folder, int port, Map<String, String> settings)
      throws NotReadyException {
    return start(folder, port == 0 ? FreePort::choose : () -> requireFree(port), settings);
  }

  /** Starts a broker at the first of the ports that is free. */
  static LocalBroker start(Path folder, ListenerPort port, Map<String, String> settings)
      throws NotReadyException {
    for (int tries = 1; true; tries++) {
      LocalBroker broker = launch(folder, port.choose(), settings);
      try {
        broker.waitUntilReady();
        return broker;
      } catch (NotReadyException e) {
        if (tries == MAX_TRIES || !PORT_IN_USE.matcher(broker.log()).find()) {
          throw e;
        }
      }
    }
  }

  private static LocalBroker launch(Path folder, int port, Map<String, String> settings)
      throws NotReadyException {
    Path log = folder.resolve(LOG);
    try {
      Path data = Files.createDirectories(folder.resolve("data"));
      Path temporary = emptied(Files.createDirectories(folder.resolve("tmp")));
      Path properties = folder.resolve("server.properties");
      Properties all = serverProperties(data, port, FreePort.choose());
      all.putAll(settings);
      try (Writer writer = Files.newBufferedWriter(properties)) {
        all.store(writer, null);
      }
      Process process =
          new ProcessBuilder(command(properties, data, temporary, log))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new LocalBroker(process, port, folder);
    } catch (IOException e) {
      throw new NotReadyException(
          "cannot write a broker's data to %s: %s".formatted(folder, TemporaryFolder.reason(e)));
    }
  }

  /** Returns a folder after it was emptied: a broker that is killed leaves native libraries. */
  private static Path emptied(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    return folder;
  }

  private static List<String> command(Path properties, Path data, Path temporary, Path log) {
    List<String> line =
        new ArrayList<>(
            List.of(
                // Ctrl-C signals all processes of a terminal, and systemd or timeout all of a
                // group. The broker ignores them: this process stops the job first, and then
                // closes the broker's input. A JVM that starts with a signal ignored keeps it so.
                "sh",
                "-c",
                "trap '' INT TERM HUP; exec \"$@\"",
                "broker",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m"));
    line.addAll(List.of(System.getProperty(OPTIONS, "").split(" ")));
    line.add(System.getProperty(CLASS_DATA, ""));
    line.removeIf(String::isEmpty);
    line.addAll(
        List.of(
            // Kafka formats numbers in file names, and in its log, with the digits of the language.
            "-Duser.language=en",
            "-Dorg.slf4j.simpleLogger.logFile=" + log,
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            BrokerMain.class.getName(),
            properties.toString(),
            data.toString()));
    return line;
  }

  private static Properties serverProperties(Path data, int port, int controllerPort) {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "listeners",
                "PLAINTEXT://%s:%s,CONTROLLER://%s:%s".formatted(HOST, port, HOST, controllerPort),
            "controller.listener.names", "CONTROLLER",
            "controller.quorum.voters", "1@%s:%s".formatted(HOST, controllerPort),
            "log.dirs", data.toString(),
            "num.partitions", "2",
            "auto.create.topics.enable", "false",
            "group.initial.rebalance.delay.ms", "0"));
    properties.putAll(
        Map.of(
            "offsets.topic.num.partitions", "1",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            // A controlled shutdown moves leaders to other brokers; there are none.
            "controlled.shutdown.enable", "false"));
    return properties;
  }

  private void waitUntilReady() throws NotReadyException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address(),
            AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
    try (Admin admin = Admin.create(config)) {
      while (process.isAlive()
          && System.nanoTime() < deadline
          && !Thread.currentThread().isInterrupted()) {
        if (isReady(admin)) {
          return;
        }
      }
    }
    boolean exited = !process.isAlive();
    close();
    // What fails first at a start is the cause of the other errors.
    throw new NotReadyException(
        exited
            ? exitReason((first, next) -> first)
            : "the Kafka broker is not ready after %s s; its log is %s"
                .formatted(START_TIMEOUT.toSeconds(), folder.resolve(LOG)));
  }

  /**
   * Returns whether the broker responds, its group coordinator included, which reads its topic
   * first: a job that commits before that warns that the coordinator is loading.
   */
  private static boolean isReady(Admin admin) {
    try {
      return !admin.describeCluster().nodes().get().isEmpty()
          && admin.listConsumerGroupOffsets("any").partitionsToOffsetAndMetadata().get() != null;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int requireFree(int port) throws NotReadyException {
    if (FreePort.isFree(port)) {
      return port;
    }
    throw new NotReadyException(
        "port %s is in use: stop the program that listens there, or choose another port with --port"
            .formatted(port));
  }

  /** Returns the address of the broker, {@code HOST:PORT}. */
  public String address() {
    return HOST + ':' + port;
  }

  /** Returns the process of the broker. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /**
   * Checks that the broker has not stopped by itself.
   *
   * @throws IOException with the reason, for example that no space is left
   */
  public void requireRunning() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(exitReason((before, last) -> last));
    }
  }

  /** Returns the reason, one of the errors in the broker's log, which may be deleted soon. */
  private String exitReason(BinaryOperator<String> choice) {
    String text = log();
    Matcher cannotWrite = CANNOT_WRITE.matcher(text);
    if (cannotWrite.find()) {
      return "the Kafka broker has stopped, because it cannot write to %s: %s. Make room there, or use another folder."
          .formatted(folder, cannotWrite.group());
    }
    String reason =
        text.lines().filter(line -> line.contains(" ERROR ")).reduce(choice).orElse(text);
    return "the Kafka broker has stopped by itself (log: %s): %s"
        .formatted(folder.resolve(LOG), reason.strip());
  }

  private String log() {
    try {
      return Files.readString(folder.resolve(LOG));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Stops the broker and waits for its exit. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
