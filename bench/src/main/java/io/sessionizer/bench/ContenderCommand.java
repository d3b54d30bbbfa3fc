package io.sessionizer.bench;

import io.sessionizer.bench.peers.KafkaClients;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a contender is started.
 *
 * @param setup what is the same for all
 * @param flags with which the sessionizer reads the visits of the workload
 * @param servers where the broker is
 * @param input the topic of visits
 * @param bounded whether to end where the topic of visits ends now
 * @param run begins the names of the run's own topics
 * @param folder for checkpoints and scratch files
 */
record ContenderCommand(
    Setup setup,
    List<String> flags,
    String servers,
    String input,
    boolean bounded,
    String run,
    Path folder) {
  private static final String PEERS = "io.sessionizer.bench.peers.";

  /** Returns the topic of sessions. */
  String sessions() {
    return run + "-sessions";
  }

  /** Returns the topic of visits that came too late. */
  String lateVisits() {
    return run + "-late-visits";
  }

  /** Returns all topics that the run writes to. */
  List<String> outputs() {
    return List.of(sessions(), lateVisits(), run + "-dead-letters");
  }

  /**
   * Writes Flink's configuration, whoever runs on it. Without more memory than the 64 MB that Flink
   * gives each slot by default, RocksDB writes all the time with as many states as windows have.
   */
  void writeFlinkConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        rest.bind-address: localhost
        jobmanager.bind-host: localhost
        taskmanager.bind-host: localhost
        io.tmp.dirs: "%1$s"
        web.tmpdir: "%1$s"
        state.backend.incremental: true
        taskmanager.memory.managed.size: 512m
        """
            .formatted(Files.createDirectories(folder.resolve("scratch"))));
  }

  /** Returns the command line, from {@code java} on. */
  List<String> of(Contender contender, List<String> javaOptions) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(setup.javaOptions());
    command.addAll(javaOptions);
    command.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
    command.add(
        "-Dorg.slf4j.simpleLogger.log.org.apache.flink.runtime.checkpoint.CheckpointCoordinator"
            + "=info");
    switch (contender.kind()) {
      case SESSIONIZER -> command.addAll(sessionizer(contender));
      case FLINK -> {
        command.addAll(classPathWithout("beam-", "rocksdbjni-", "kafka-streams-"));
        command.add(PEERS + "NativeFlinkJob");
        command.addAll(peerFlags(contender));
      }
      case STREAMS -> {
        command.addAll(classPathWithout("beam-", "flink-", "frocksdbjni-"));
        command.add(PEERS + "KafkaStreamsJob");
        command.addAll(peerFlags(contender));
      }
      case FLOOR -> {
        command.addAll(classPathWithout("beam-", "flink-", "frocksdbjni-", "kafka-streams-"));
        command.add(PEERS + "FloorJob");
        command.addAll(peerFlags(contender));
      }
      case FILES -> throw new IllegalArgumentException(contender + " reads files");
    }
    return command;
  }

  private List<String> sessionizer(Contender contender) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-jar", setup.jar().toString(), "run", "--runner=FlinkRunner"));
    command.add("--engine=" + contender.engine());
    command.add("--stopWhenDrained=" + bounded);
    command.add("--bootstrapServers=" + servers);
    command.add("--visitsTopic=" + input);
    command.add("--sessionsTopic=" + sessions());
    command.add("--lateVisitsTopic=" + lateVisits());
    command.add("--deadLettersTopic=" + run + "-dead-letters");
    command.add("--consumerConfig=group.id=" + run);
    KafkaClients.CONSUMER.forEach(
        (name, value) -> command.add("--consumerConfig=" + name + "=" + value));
    KafkaClients.PRODUCER.forEach(
        (name, value) -> command.add("--producerConfig=" + name + "=" + value));
    command.add("--allowedLateness=" + setup.allowedLateness());
    command.add("--parallelism=" + setup.parallelism());
    command.add("--stateBackend=" + (contender.onHeap() ? "filesystem" : "rocksdb"));
    command.add("--stateBackendStoragePath=" + folder.resolve("checkpoints").toUri());
    command.add("--flinkConfDir=" + folder);
    command.addAll(flags);
    command.addAll(setup.flags());
    return command;
  }

  private List<String> peerFlags(Contender contender) {
    return List.of(
        "bootstrapServers=" + servers,
        "input=" + input,
        "output=" + sessions(),
        "bounded=" + bounded,
        "parallelism=" + setup.parallelism(),
        "state=" + (contender.onHeap() ? "heap" : "rocksdb"),
        "folder=" + folder,
        "allowedLateness=" + setup.allowedLateness());
  }

  /** Two contenders bring the same classes in two versions: no one gets what is another's. */
  private List<String> classPathWithout(String... jars) throws IOException {
    Path built = setup.home().resolve("bench").resolve("target");
    try (Stream<Path> all = Files.list(built.resolve("lib"))) {
      String path =
          all.filter(jar -> Stream.of(jars).noneMatch(jar.getFileName().toString()::startsWith))
              .filter(jar -> !jar.getFileName().toString().startsWith("sessionizer-"))
              .sorted()
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      return List.of("-cp", built.resolve("sessionizer-bench.jar") + File.pathSeparator + path);
    }
  }
}
