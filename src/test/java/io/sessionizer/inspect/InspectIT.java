package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real topics and files are inspected by the command. */
class InspectIT {
  private static final int SECONDS = 120;

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  private Command inspect(String... flags) throws Exception {
    return Command.start(folder, List.of(), "inspect", flags);
  }

  private String topic(List<String> values) throws Exception {
    kafka.create("events", Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      records.add(
          new ProducerRecord<>(kafka.topic("events"), i % 2, null, values.get(i).getBytes(UTF_8)));
    }
    TestKafka.write(records);
    return kafka.topic("events");
  }

  private static String[] ofTopic(String topic, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of("--bootstrapServers=" + TestKafka.address(), "--visitsTopic=" + topic));
    flags.addAll(List.of(more));
    return flags.toArray(String[]::new);
  }

  private Path gzip(String name, List<String> lines) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
    return file;
  }

  @Test
  void topicIsInspected() throws Exception {
    String topic = topic(MadeUpVisits.of(60).lines(Shapes::segment));
    Path config = folder.resolve("sessionizer.yaml");
    try (Command inspect = inspect(ofTopic(topic, "--output=" + config))) {
      assertEquals(0, inspect.exitCode(SECONDS), inspect.err());
      String out = inspect.out();
      assertTrue(out.startsWith(topic + ": 5"), out);
      assertTrue(out.contains("records, all there are\n"), out);
      assertTrue(out.contains("format     segment (Segment"), out);
      assertTrue(out.contains("\nvisit id   anonymousId,userId  on all, 60 values"), out);
      assertFalse(out.contains("\u001b"), out);
      assertTrue(inspect.err().contains("./sessionizer run --config=" + config), inspect.err());
    }
    String yaml = Files.readString(config);
    assertTrue(yaml.contains("\nvisitsTopic: " + topic + "\n"), yaml);
    assertTrue(yaml.contains("\nvisitFormat: segment\n"), yaml);
  }

  @Test
  void newestRecordsAreRead() throws Exception {
    String topic = topic(MadeUpVisits.of(60).lines(Shapes::reference));
    try (Command inspect = inspect(ofTopic(topic, "--last=20"))) {
      assertEquals(0, inspect.exitCode(SECONDS), inspect.err());
      assertTrue(
          inspect.out().startsWith(topic + ": the newest 20 records of about 5"), inspect.out());
    }
  }

  @Test
  void configurationOfDefaultFormatIsRead() throws Exception {
    Path file = gzip("visits.gz", MadeUpVisits.of(20).lines(Shapes::reference));
    Path config = folder.resolve("sessionizer.yaml");
    try (Command inspect = inspect("--input=" + file, "--output=" + config)) {
      assertEquals(0, inspect.exitCode(SECONDS), inspect.err());
    }
    assertEquals(
        List.of(file.toString()), Flags.parse("--config=" + config).settings().files().input());
  }

  @Test
  void compressedFilesAreInspected() throws Exception {
    gzip("a.gz", MadeUpVisits.of(40).lines(Shapes::combined));
    gzip("b.gz", MadeUpVisits.of(40).lines(Shapes::combined));
    try (Command inspect = inspect("--input=" + folder + "/*.gz", "--output=-")) {
      assertEquals(0, inspect.exitCode(SECONDS), inspect.err());
      assertTrue(inspect.out().contains("\nvisitFormat: combined\n"), inspect.out());
      assertTrue(inspect.err().contains("lines of an access log"), inspect.err());
    }
  }

  @Test
  void emptyTopicIsReported() throws Exception {
    String topic = topic(List.of());
    try (Command inspect = inspect(ofTopic(topic))) {
      assertEquals(0, inspect.exitCode(SECONDS), inspect.err());
      assertEquals(topic + ": no records: it is empty\n", inspect.out());
    }
  }

  @Test
  void withoutVisitsNoConfigurationIsWritten() throws Exception {
    Path file = gzip("notes.gz", List.of("some words", "other words"));
    Path config = folder.resolve("sessionizer.yaml");
    try (Command inspect = inspect("--input=" + file, "--output=" + config)) {
      assertEquals(4, inspect.exitCode(SECONDS), inspect.err());
      assertTrue(inspect.err().contains("no configuration written"), inspect.err());
      assertFalse(Files.exists(config));
    }
  }

  @Test
  void existingFileIsKept() throws Exception {
    Path file = gzip("visits.gz", MadeUpVisits.of(20).lines(Shapes::reference));
    Path config = Files.writeString(folder.resolve("sessionizer.yaml"), "mine");
    try (Command inspect = inspect("--input=" + file, "--output=" + config)) {
      assertEquals(3, inspect.exitCode(SECONDS), inspect.err());
      assertEquals("mine", Files.readString(config));
    }
  }

  @Test
  void invalidFlagsAreReportedAtOnce() throws Exception {
    try (Command inspect = inspect("--input=-", "--input=a", "--last=0", "--visitsTopic=b")) {
      assertEquals(2, inspect.exitCode(SECONDS), inspect.err());
      assertEquals(4, inspect.err().lines().count(), inspect.err());
    }
  }

  @Test
  void missingTopicOrFileIsNotReady() throws Exception {
    try (Command inspect = inspect(ofTopic("no-such-topic"))) {
      assertEquals(3, inspect.exitCode(SECONDS), inspect.err());
      assertTrue(inspect.err().contains("topic no-such-topic does not exist"), inspect.err());
      assertTrue(inspect.err().contains(" --visitsTopic=no-such-topic\n"), inspect.err());
    }
    try (Command inspect = inspect("--input=" + folder + "/no-such-file", "--input=" + folder)) {
      assertEquals(3, inspect.exitCode(SECONDS), inspect.err());
      assertTrue(inspect.err().contains("no-such-file: matches no file"), inspect.err());
      assertTrue(inspect.err().contains("name " + folder + "/*"), inspect.err());
    }
  }
}
