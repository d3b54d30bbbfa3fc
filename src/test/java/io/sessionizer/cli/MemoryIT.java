package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small heap, and records that are small on the topic and large in memory. */
class MemoryIT {
  private static final int VISITS = 24_000;
  private static final int VISIT_IDS = 1_000;

  /** 216 MB of JSON for a heap of 224 MB, in less than a megabyte on the topic. */
  private static final TestKafka LARGE = new TestKafka();

  /** One record that is too large for the heap. */
  private static final TestKafka TOO_LARGE = new TestKafka();

  @TempDir private Path folder;

  @BeforeAll
  static void write() throws Exception {
    LARGE.createTopics();
    TOO_LARGE.createTopics();
    Map<String, Object> zstd =
        Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd",
            ProducerConfig.BATCH_SIZE_CONFIG, 8 << 20,
            ProducerConfig.LINGER_MS_CONFIG, 100,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 256L << 20,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 128 << 20);
    List<Future<?>> writes = new ArrayList<>();
    try (var producer = TestKafka.producer(zstd)) {
      for (int i = 0; i < VISITS; i++) {
        byte[] visit = visit("v" + i % VISIT_IDS, i / VISIT_IDS, 8_900);
        writes.add(producer.send(new ProducerRecord<>(LARGE.topic("visits"), i % 2, null, visit)));
      }
      byte[] visit = visit("v", 0, 64 << 20);
      writes.add(producer.send(new ProducerRecord<>(TOO_LARGE.topic("visits"), 0, null, visit)));
      for (Future<?> write : writes) {
        write.get();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void boundsRecordsBySizeInMemory(String runner) throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    String[] flags = kafka.flags("--runner=" + runner, "--stopWhenDrained");
    Collections.replaceAll(
        Arrays.asList(flags),
        "--visitsTopic=" + kafka.topic("visits"),
        "--visitsTopic=" + LARGE.topic("visits"));
    try (Command job = Command.start(folder, List.of("-Xmx224m"), "run", flags)) {
      assertEquals(0, job.exitCode(300), job.err());
    }
    SortedMap<String, String> sessions = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> session : kafka.read("sessions")) {
      sessions.put(new String(session.key(), UTF_8), TestKafka.headers(session).get("end_reason"));
    }
    SortedMap<String, String> expected = new TreeMap<>();
    long start = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    for (int id = 0; id < VISIT_IDS; id++) {
      expected.put("v" + id + "@" + start, "inactivity");
      // Minutes 0 to 9, and 30 to 43.
      expected.put("v" + id + "@" + (start + 30 * 60_000), "inactivity");
    }
    assertEquals(expected, sessions);
    assertEquals(0, kafka.read("late-visits").size());
    assertEquals(0, kafka.read("dead-letters").size());
  }

  @Test
  void outOfMemoryStopsProcessWhateverItsOptions() throws Exception {
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(Command.launcher(folder).toString(), "run"),
                        Stream.of(TOO_LARGE.flags("--runner=FlinkRunner")))
                    .toList())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:+ExitOnOutOfMemoryError");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:+CrashOnOutOfMemoryError");
    builder
        .environment()
        .put(
            "SESSIONIZER_JAVA_OPTS",
            "-Xmx96m -XX:+ExitOnOutOfMemoryError -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="
                + folder);
    Process job = builder.start();
    try {
      assertTrue(job.waitFor(300, TimeUnit.SECONDS), "still running");
    } finally {
      job.destroyForcibly();
    }
    assertEquals(5, job.exitValue(), Files.readString(err));
    assertTrue(Files.readString(err).contains("sessionizer: out of memory"));
    assertEquals(1, foldersOfFlink());

    // Without the launcher; deletes the folder of the process before.
    try (Command next =
        Command.start(
            folder, List.of("-Xmx96m"), "run", TOO_LARGE.flags("--runner=DirectRunner"))) {
      assertEquals(5, next.exitCode(300), next.err());
    }
    assertEquals(0, foldersOfFlink());
  }

  @Test
  void outOfMemoryStopsOtherCommands() throws Exception {
    try (Command explain =
        Command.start(folder, List.of("-Xmx96m"), "explain", explainFlags(TOO_LARGE))) {
      assertEquals(5, explain.exitCode(300), explain.err());
    }
  }

  private static String[] explainFlags(TestKafka kafka) {
    return Stream.concat(Stream.of("v"), Stream.of(kafka.flags())).toArray(String[]::new);
  }

  private int foldersOfFlink() {
    File[] found = folder.toFile().listFiles((all, name) -> name.startsWith("sessionizer-flink-"));
    return found == null ? 0 : found.length;
  }

  private static byte[] visit(String visitId, int number, int size) {
    int minute = number < 10 ? number : number + 20;
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T00:%02d:00Z\",\"context\":\"%s\"}"
        .formatted(visitId, minute, "x".repeat(size))
        .getBytes(UTF_8);
  }
}
