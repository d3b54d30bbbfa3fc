package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.kafka.admin.TopicCreation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A shell that executes commands of a page: {@code ./sessionizer} is in its working folder, and
 * connects to a broker of its own, which {@code ./sessionizer broker} runs.
 */
public final class PageShell implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 300;

  private final Path folder;
  private final @Nullable Command broker;
  private final String address;
  private final List<Command> started = new ArrayList<>();

  private PageShell(Path folder, @Nullable Command broker, String address) {
    this.folder = folder;
    this.broker = broker;
    this.address = address;
  }

  /** Opens a shell, and starts the broker, with its topics. */
  public static PageShell open(Path folder) throws IOException, InterruptedException {
    Command broker = Command.start(folder, List.of(), "broker", "--port=0");
    broker.awaitErr("Ctrl-C stops it", TIMEOUT_SECONDS);
    String address = broker.err().replaceFirst("(?s).*Kafka broker at (\\S+),.*", "$1");
    PageShell shell = new PageShell(Files.createDirectory(folder.resolve("page")), broker, address);
    shell.writeLauncher(folder, "--bootstrapServers=" + address);
    return shell;
  }

  /** Opens a shell whose commands need no broker. */
  public static PageShell withoutBroker(Path folder) throws IOException {
    PageShell shell = new PageShell(Files.createDirectory(folder.resolve("page")), null, "");
    shell.writeLauncher(folder, "");
    return shell;
  }

  private void writeLauncher(Path tests, String flag) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("sessionizer"),
            "#!/bin/sh\nexec '%s' \"$@\" %s\n".formatted(Command.launcher(tests), flag));
    assertTrue(script.toFile().setExecutable(true));
  }

  /** Writes a file to the working folder. */
  public void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  /** Creates topics with one partition. */
  public void createTopics(String... names) throws Exception {
    try (Admin admin = Admin.create(config())) {
      admin
          .createTopics(
              Stream.of(names)
                  .map(name -> new NewTopic(name, Optional.of(1), Optional.empty()))
                  .toList())
          .all()
          .get();
      TopicCreation.waitUntilWritable(admin, List.of(names));
    }
  }

  /** Writes a record. */
  public void produce(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (var producer =
        new KafkaProducer<>(config(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  /** Executes commands, which must succeed. */
  public Command run(String commands) throws IOException, InterruptedException {
    Command command = start(commands);
    assertEquals(0, command.exitCode(TIMEOUT_SECONDS), command.err());
    return command;
  }

  /** Starts commands, which run until {@link #stop}. */
  public Command start(String commands) throws IOException {
    Path out = Files.createTempFile(folder, "page", ".out");
    Path err = Files.createTempFile(folder, "page", ".err");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("SESSIONIZER_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    Command command = new Command(builder.start(), out, err);
    started.add(command);
    return command;
  }

  /** Stops the processes of commands. */
  public static void stop(Command command) throws InterruptedException {
    command.process().descendants().forEach(ProcessHandle::destroy);
    command.process().destroy();
    command.exitCode(TIMEOUT_SECONDS);
  }

  /** Returns the lines that commands have printed, sorted: partitions are read in any order. */
  public static List<String> sortedLines(Command command) throws IOException {
    return command.out().lines().sorted().toList();
  }

  /** Returns the records of a topic, partition by partition. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Consumer<ConsumerRecord<byte[], byte[]>> add = records::add;
    try (RecordTail tail = RecordTail.fromBeginning(topic, config())) {
      tail.drain(add);
    }
    return records;
  }

  /** Waits until a topic has so many records. */
  public void awaitRecords(String topic, int count) {
    await(topic, records -> records.size() >= count);
  }

  /** Waits until a topic has a record with a key. */
  public void awaitRecord(String topic, String key) {
    byte[] bytes = key.getBytes(UTF_8);
    await(topic, records -> records.stream().anyMatch(r -> Arrays.equals(bytes, r.key())));
  }

  private void await(String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> isComplete) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Consumer<ConsumerRecord<byte[], byte[]>> add = records::add;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    try (RecordTail tail = RecordTail.fromBeginning(topic, config())) {
      while (!isComplete.test(records)) {
        assertTrue(System.nanoTime() < deadline, topic + " has " + records.size());
        tail.poll(add);
      }
    }
  }

  private Map<String, Object> config() {
    return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address);
  }

  /** Stops the broker, and the commands that still run. */
  @Override
  public void close() {
    started.forEach(Command::close);
    if (broker != null) {
      broker.close();
    }
  }
}
