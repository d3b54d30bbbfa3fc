package io.sessionizer.broker;

import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A single Kafka broker (KRaft) in a process of its own, listening on loopback only. The process
 * ends when this JVM ends, however it ends.
 */
public final class LocalBroker implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String LOG = "broker.log";

  /** A property of this JVM: more options for the broker's, with spaces between them. */
  private static final String OPTIONS = "sessionizer.brokerOptions";

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  /** What the operating system says of a folder that takes no more. */
  private static final Pattern CANNOT_WRITE =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|File too large|Read-only file system");

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
   * @param folder where it keeps its data and its log, {@code broker.log}; made if missing
   * @param port where it listens; 0 for any free port
   * @throws NotReadyException if the port is in use or the broker does not come up
   */
  public static LocalBroker start(Path folder, int port) throws NotReadyException {
    return start(folder, port, Map.of());
  }

  /**
   * Starts a broker and waits until it is ready, its group coordinator included.
   *
   * @param folder where it keeps its data and its log, {@code broker.log}; made if missing
   * @param port where it listens; 0 for any free port
   * @param settings of the broker, which go before those that are made here
   * @throws NotReadyException if the port is in use or the broker does not come up
   */
  public static LocalBroker start(Path folder, int port, Map<String, String> settings)
      throws NotReadyException {
    int listenerPort = port == 0 ? freePort() : requireFree(port);
    Path log = folder.resolve(LOG);
    try {
      Path data = Files.createDirectories(folder.resolve("data"));
      Path properties = folder.resolve("server.properties");
      Properties all = serverProperties(data, listenerPort, freePort());
      all.putAll(settings);
      try (Writer writer = Files.newBufferedWriter(properties)) {
        all.store(writer, null);
      }
      Process process =
          new ProcessBuilder(command(properties, data, log))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      LocalBroker broker = new LocalBroker(process, listenerPort, folder);
      broker.awaitAnswer();
      return broker;
    } catch (IOException e) {
      throw new NotReadyException(
          "cannot keep a broker's data in %s: %s".formatted(folder, TemporaryFolder.reason(e)));
    }
  }

  private static List<String> command(Path properties, Path data, Path log) {
    List<String> line =
        new ArrayList<>(
            List.of(
                // Ctrl-C goes to all processes of a terminal, and SIGTERM, from systemd or timeout,
                // to
                // all of a group. The broker leaves them to this process, which ends the job first
                // and
                // then closes the broker's input; a JVM that starts with a signal ignored goes on
                // ignoring it.
                "sh",
                "-c",
                "trap '' INT TERM HUP; exec \"$@\"",
                "broker",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m"));
    line.addAll(List.of(System.getProperty(OPTIONS, "").split(" ")));
    line.removeIf(String::isEmpty);
    line.addAll(
        List.of(
            // Kafka writes numbers in names of files, and in its log, with the digits of the
            // language.
            "-Duser.language=en",
            "-Dorg.slf4j.simpleLogger.logFile=" + log,
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
            // Half a minute of Kafka's default start-up safety is of no use to one broker.
            "controlled.shutdown.enable", "false"));
    return properties;
  }

  private void awaitAnswer() throws NotReadyException {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
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
        if (answers(admin)) {
          return;
        }
      }
    }
    boolean ended = !process.isAlive();
    close();
    throw new NotReadyException(
        ended
            ? whyEnded()
            : "the Kafka broker is not ready after %s s; its log is %s"
                .formatted(START_PATIENCE.toSeconds(), folder.resolve(LOG)));
  }

  /**
   * Whether it answers, its group coordinator included, which reads its topic first: a job that
   * commits before that warns that the coordinator is loading.
   */
  private static boolean answers(Admin admin) {
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
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return port;
    } catch (IOException e) {
      throw new NotReadyException(
          "port %s is in use: end what listens there, or choose another one with --port"
              .formatted(port));
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + HOST, e);
    }
  }

  /** Where clients find the broker, {@code HOST:PORT}. */
  public String address() {
    return HOST + ':' + port;
  }

  /** The process that the broker runs in. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /**
   * Fails if the broker has ended by itself.
   *
   * @throws IOException with the reason, for example that there is no space left
   */
  public void requireRunning() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(whyEnded());
    }
  }

  /** The reason is in its log, which may be about to be deleted. */
  private String whyEnded() {
    String text = log();
    Matcher cannotWrite = CANNOT_WRITE.matcher(text);
    if (cannotWrite.find()) {
      return "the Kafka broker has ended, because it cannot write to %s: %s. Make room there, or use another folder."
          .formatted(folder, cannotWrite.group());
    }
    String reason =
        text.lines().filter(line -> line.contains(" ERROR ")).reduce((a, b) -> b).orElse(text);
    return "the Kafka broker has ended by itself (log: %s): %s"
        .formatted(folder.resolve(LOG), reason.strip());
  }

  private String log() {
    try {
      return Files.readString(folder.resolve(LOG));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Ends the broker and waits for it. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
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
