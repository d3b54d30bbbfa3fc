package io.sessionizer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.kafka.WriteLateVisits;
import io.sessionizer.kafka.WriteSessions;
import io.sessionizer.kafka.WrittenDeadLetters;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.common.ReflectHelpers;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a password for Kafka is not. */
class SecretsTest {
  private static final String SECRET = "open sesame";

  @TempDir private Path folder;

  @Test
  void runnerOptionsHaveNoPassword() throws Exception {
    JobSpec job = job(jaas(SECRET));
    SessionizationOptions options = job.options();
    assertTrue(json(options).contains(SECRET), "before");

    pipeline(job);

    assertFalse(json(options).contains(SECRET), json(options));
    assertFalse(options.toString().contains(SECRET), options.toString());
  }

  @Test
  void displayDataHasNoPassword() throws Exception {
    List<String> items = new ArrayList<>();
    for (PTransform<?, ?> step : steps(pipeline(job(jaas(SECRET))))) {
      DisplayData.from(step).items().forEach(item -> items.add(item.toString()));
    }
    assertEquals(List.of(), items.stream().filter(item -> item.contains(SECRET)).toList());
    // Other settings are shown.
    assertTrue(items.stream().anyMatch(item -> item.contains("dead-letters")), items.toString());
    assertTrue(items.stream().anyMatch(item -> item.contains("our group")), items.toString());
  }

  @Test
  void graphHasReferenceInsteadOfPassword() throws Exception {
    Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=" + SECRET);
    String reference = "${file:" + secrets + ":password}";
    List<String> graph = new ArrayList<>();
    for (PTransform<?, ?> step : steps(pipeline(job(jaas(reference))))) {
      graph.add(serialized(step));
    }
    assertFalse(graph.stream().anyMatch(step -> step.contains(SECRET)));
    // ReadKafka, and WriteKafka for each of three topics, with the steps that they consist of.
    assertTrue(graph.stream().filter(step -> step.contains(reference)).count() >= 4);
  }

  private static JobSpec job(String jaas) throws Exception {
    return Flags.parse(
        "--engine=stateful",
        "--consumerConfig=sasl.jaas.config=" + jaas,
        "--consumerConfig=group.id=our group",
        "--producerConfig=sasl.jaas.config=" + jaas);
  }

  private static String jaas(String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"sessionizer\" password=\"%s\";".formatted(password);
  }

  private static Pipeline pipeline(JobSpec job) {
    Settings settings = job.settings();
    return job.pipeline(
        new Edges(
            ReadVisits.from(
                settings,
                List.of(new TopicPartition("visits", 0)),
                Map.of(),
                Rewind.NONE,
                Map.of(),
                new UUID(0, 1)),
            WriteSessions.with(settings, Delivery.AFTER_CHECKPOINT, Rewind.NONE, new UUID(0, 1)),
            WriteLateVisits.with(settings, Delivery.AFTER_CHECKPOINT, 1 << 20),
            WriteDeadLetters.with(settings, 1 << 20, WrittenDeadLetters.NONE)));
  }

  private static List<PTransform<?, ?>> steps(Pipeline pipeline) {
    List<PTransform<?, ?>> steps = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(Node node) {
            if (node.getTransform() != null) {
              steps.add(node.getTransform());
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(Node node) {
            steps.add(node.getTransform());
          }
        });
    return steps;
  }

  /** As a step travels to workers and into savepoints, but not compressed. */
  private static String serialized(PTransform<?, ?> step) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
      objects.writeObject(step);
    }
    return bytes.toString(ISO_8859_1);
  }

  /** As a runner hands the options on. */
  private static String json(SessionizationOptions options) throws Exception {
    return new ObjectMapper()
        .registerModules(ObjectMapper.findModules(ReflectHelpers.findClassLoader()))
        .writeValueAsString(options);
  }
}
