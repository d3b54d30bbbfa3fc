package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.inspect.MadeUpVisits.MadeUpVisit;
import io.sessionizer.testing.SampleEvents;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration that {@code inspect} writes runs as it is. */
class InspectedJobIT {
  private static final int EVENTS = 500;

  @TempDir private Path folder;

  static Stream<String> shapes() {
    return Stream.concat(KnownFormats.NAMES.stream(), others().keySet().stream());
  }

  private static Map<String, Function<MadeUpVisit, String>> others() {
    Map<String, Function<MadeUpVisit, String>> others = new TreeMap<>();
    others.put("nested", Shapes::nested);
    others.put("tsv", v -> v.id() + "\t" + v.millis() / 1000 + "\t" + v.page());
    others.put(
        "csv",
        v ->
            v.number() == 0
                ? "at,visitor,member,page"
                : "%s,%s,%s,%s"
                    .formatted(
                        v.text("MM/dd/uuuu HH:mm:ss"),
                        v.id(),
                        v.user() == null ? "" : v.user(),
                        v.page()));
    others.put("common", v -> Shapes.combined(v).replaceFirst(" \"-\" \"Mozilla.*", ""));
    return others;
  }

  private static List<String> lines(String shape) {
    Function<MadeUpVisit, String> other = others().get(shape);
    return other == null
        ? SampleEvents.of(shape, 1, EVENTS).lines()
        : MadeUpVisits.of(60).lines(other);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void filesGiveSessionsOfReport(String shape) throws Exception {
    Path input = Files.write(folder.resolve("events"), lines(shape), UTF_8);
    Inspection inspection =
        InspectionTest.of(new FileSample("events", 100_000, n -> {}).read(List.of(input)));
    Map<String, List<String>> source = new LinkedHashMap<>();
    source.put("input", List.of(input.toString()));
    source.put("output", List.of(folder.resolve("out").toString()));
    Path config =
        Files.writeString(
            folder.resolve("sessionizer.yaml"),
            ConfigText.of(inspection, source, List.of(), false));
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run("--config=" + config),
        Files.readString(config));
    assertTrue(inspection.behaviour().sessions() > 50);
    assertEquals(inspection.behaviour().sessions(), count("sessions-"));
    assertEquals(0, count("dead-letters-"));
  }

  @Test
  void topicWithKeysGivesSessionsOfReport() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "visits", 100_000);
    for (SampledRecord record :
        MadeUpVisits.of(60)
            .topic(v -> "{\"at\":%s,\"path\":\"%s\"}".formatted(v.millis(), v.page()))
            .records()) {
      records.add(
          new ProducerRecord<>(
              kafka.topic("visits"), 0, record.timestampMillis(), record.key(), record.value()));
      sample.addNewest(record);
    }
    TestKafka.write(records);
    Inspection inspection = InspectionTest.of(sample);
    Path config =
        Files.writeString(
            folder.resolve("sessionizer.yaml"),
            ConfigText.of(inspection, Map.of(), List.of(), false));
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(kafka.flags("--config=" + config, "--stopWhenDrained")));
    assertEquals(inspection.behaviour().sessions(), kafka.read("sessions").size());
  }

  private long count(String prefix) throws IOException {
    long lines = 0;
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    return lines;
  }
}
