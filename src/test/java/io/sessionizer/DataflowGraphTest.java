package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.dataflow.UpdateCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.model.pipeline.v1.StandardWindowFns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Dataflow gets, step by step. The names of the steps are the address of their state: {@code
 * mvn test -Dtest=DataflowGraphTest -Dsessionizer.write=true} writes the files anew, and the
 * changelog says <b>breaks savepoints</b>, or which mapping an update needs.
 */
class DataflowGraphTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"windows", "stateful"})
  void keepsStepsOfRunningJobs(String engine) throws Exception {
    List<String> steps = steps(graph("--engine=" + engine).job());
    if (Boolean.getBoolean("sessionizer.write")) {
      Files.write(golden(GOLDEN, engine), steps);
    }
    List<String> running = golden(engine);
    assertEquals(
        String.join("\n", running), String.join("\n", steps), () -> difference(running, steps));
  }

  /** Nothing is read of the bucket. */
  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "parquet"})
  void jobOnFilesIsMadeWithoutThem(String format) throws Exception {
    JsonNode job =
        DataflowGraph.ofFiles(
                folder,
                "--input=gs://my-bucket/visits/*.jsonl.gz",
                "--output=gs://my-bucket/sessions",
                "--outputFormat=" + format)
            .job();
    List<String> steps = steps(job);
    if (Boolean.getBoolean("sessionizer.write")) {
      Files.write(golden(GOLDEN, "files"), steps);
    }
    assertEquals(String.join("\n", golden("files")), String.join("\n", steps));
    JsonNode environment = job.path("environment");
    assertEquals("JAVA_BATCH_AUTOSCALING", environment.at("/version/job_type").asText());
    assertEquals(
        List.of("use_unbounded_sdf_wrapper", "disable_runner_v2"),
        texts(environment.path("experiments")));
  }

  /** The message with which an update would be rejected. */
  private static String difference(List<String> running, List<String> steps) {
    try {
      UpdateCheck.requireSuccessors(names(running), names(steps), Map.of());
      return "the steps have their names, but not all of the rest";
    } catch (NotReadyException e) {
      return e.getMessage();
    }
  }

  @Test
  void flagsConfigureSessionWindows() throws Exception {
    RunnerApi.Pipeline pipeline =
        graph("--engine=windows", "--sessionGap=PT20M", "--allowedLateness=PT5M").pipeline();
    RunnerApi.WindowingStrategy sessions =
        pipeline.getComponents().getWindowingStrategiesMap().values().stream()
            .filter(s -> s.getWindowFn().getUrn().equals("beam:window_fn:session_windows:v1"))
            .filter(s -> s.getMergeStatus() == RunnerApi.MergeStatus.Enum.NEEDS_MERGE)
            .findFirst()
            .orElseThrow();
    assertEquals(
        Duration.ofMinutes(20).toSeconds(),
        StandardWindowFns.SessionWindowsPayload.parseFrom(sessions.getWindowFn().getPayload())
            .getGapSize()
            .getSeconds());
    assertEquals(Duration.ofMinutes(5).toMillis(), sessions.getAllowedLateness());
    assertEquals(RunnerApi.AccumulationMode.Enum.ACCUMULATING, sessions.getAccumulationMode());
    RunnerApi.Trigger.AfterEndOfWindow trigger = sessions.getTrigger().getAfterEndOfWindow();
    assertEquals(1, trigger.getLateFirings().getElementCount().getElementCount());
    assertEquals(RunnerApi.Trigger.TriggerCase.NEVER, trigger.getEarlyFirings().getTriggerCase());
  }

  @Test
  void targetsRunnerV1WithStreamingEngine() throws Exception {
    JsonNode environment = graph().job().path("environment");
    assertEquals(
        List.of(
            "use_unbounded_sdf_wrapper",
            "disable_runner_v2",
            "enable_streaming_engine",
            "enable_windmill_service"),
        texts(environment.path("experiments")));
    assertEquals("STREAMING", environment.at("/version/job_type").asText());
    assertEquals(
        "gcr.io/cloud-dataflow/v1beta3/beam-java%s-streaming:2.70.0"
            .formatted(Runtime.version().feature()),
        environment.at("/workerPools/0/workerHarnessContainerImage").asText());
    assertEquals("gs://my-bucket/temp", environment.path("tempStoragePrefix").asText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--streaming", // Runner v1
        "--experiments=use_runner_v2",
        "--experiments=beam_fn_api,upload_graph"
      })
  void neverReadsKafkaWithSplittableStep(String flag) throws Exception {
    List<String> names =
        graph(flag).pipeline().getComponents().getTransformsMap().values().stream()
            .map(RunnerApi.PTransform::getUniqueName)
            .toList();
    assertTrue(
        names.contains("ReadVisits/ReadKafka/KafkaIO.Read.ReadFromKafkaViaUnbounded"),
        names::toString);
    assertEquals(
        List.of(), names.stream().filter(name -> name.contains("ReadFromKafkaViaSDF")).toList());
  }

  @Test
  void createsReaderPerPartition() throws Exception {
    JsonNode read = graph().job().at("/steps/0/properties/custom_source_step_input/spec");
    assertEquals(3, read.path("serialized_source_splits").size());
  }

  @Test
  void passesOnAtLeastOnceMode() throws Exception {
    JsonNode job =
        graph("--dataflowServiceOptions=streaming_mode_at_least_once", "--deduplicate").job();
    assertEquals(
        List.of("streaming_mode_at_least_once"), texts(job.at("/environment/serviceOptions")));
  }

  @Test
  void jobOptionsHaveFlagsWithoutKafkaSettings() throws Exception {
    JsonNode options =
        graph("--timeZone=Europe/Paris", "--consumerConfig=sasl.jaas.config=secret")
            .job()
            .at("/environment/sdkPipelineOptions/options");
    assertEquals("Europe/Paris", options.path("timeZone").asText());
    assertEquals("sessionizer", options.path("jobName").asText());
    assertEquals("{}", options.path("consumerConfig").toString());
  }

  private DataflowGraph graph(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of("--bootstrapServers=kafka:9092"));
    all.addAll(List.of(flags));
    return DataflowGraph.of(folder, all.toArray(String[]::new));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The steps that a running job of this engine has. */
  static List<String> golden(String engine) throws IOException {
    return Files.readAllLines(golden(GOLDEN, engine));
  }

  private static Path golden(Path folder, String engine) {
    return folder.resolve("dataflow-steps-" + engine + ".txt");
  }

  /** A line per step: its name, its kind, whether it has state, and the coders of what it gives. */
  static List<String> steps(JsonNode job) {
    List<String> steps = new ArrayList<>();
    for (JsonNode step : job.path("steps")) {
      JsonNode properties = step.path("properties");
      List<String> coders = new ArrayList<>();
      properties.path("output_info").forEach(output -> coders.add(coder(output.path("encoding"))));
      steps.add(
          "%s  %s%s -> %s"
              .formatted(
                  text(properties.path("user_name")),
                  step.path("kind").asText(),
                  properties.has("uses_keyed_state") ? " with state" : "",
                  String.join(", ", coders)));
    }
    return steps;
  }

  private static List<String> names(List<String> steps) {
    return steps.stream().map(step -> step.replaceFirst("  .*", "")).toList();
  }

  private static String coder(JsonNode encoding) {
    String type = encoding.path("@type").asText().replaceFirst("^kind:", "");
    if (type.endsWith(".CustomCoder")) {
      type = text(encoding.path("type"));
    }
    List<String> parts = new ArrayList<>();
    encoding.path("component_encodings").forEach(part -> parts.add(coder(part)));
    String name = type.substring(type.lastIndexOf('.') + 1);
    return parts.isEmpty()
        ? name
        : name + parts.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  /** In a job that is written to a file, texts have a type. */
  private static String text(JsonNode node) {
    return node.isObject() ? node.path("value").asText() : node.asText();
  }
}
