package io.sessionizer.launch.dataflow;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.AbsentFlags;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.launch.Preflight;
import io.sessionizer.sessions.Engine;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems of flags for Dataflow that are found without a request. */
class DataflowFlagsTest {
  private static final String LOOPBACK =
      "--bootstrapServers=localhost:9092: for Dataflow's workers this is their own machine;"
          + " give addresses that the job's network can reach";

  @Test
  void reportsAllMissingFlagsAtOnce() {
    assertEquals(
        List.of(
            "--project: missing; give the id of your Google Cloud project",
            "--region: missing; give where the job is to run, such as europe-west1",
            "--tempLocation: missing; give a folder such as gs://BUCKET/temp",
            LOOPBACK),
        problems(List.of("--runner=DataflowRunner")));
  }

  @Test
  void reportsAllInvalidValuesAtOnce() {
    assertEquals(
        List.of(
            "--sessionGap=16: must be a duration such as 16m, 1h30m or PT16M",
            "--project=12345: must be the id of your Google Cloud project",
            "--region=Frankfurt: must be where the job is to run, such as europe-west1",
            "--jobName=My Job: must be small letters, digits and '-'",
            "--tempLocation=/tmp: must be a folder such as gs://BUCKET/temp",
            "--stagingLocation=s3://x: must be a folder such as gs://BUCKET/x",
            "--dataflowEndpoint=dataflow here/: must be an address such as http://HOST:PORT/"),
        problems(
            List.of(
                "--runner=DataflowRunner",
                "--project=12345",
                "--region=Frankfurt",
                "--jobName=My Job",
                "--tempLocation=/tmp",
                "--stagingLocation=s3://x",
                "--dataflowEndpoint=dataflow here",
                "--bootstrapServers=kafka:9092",
                "--sessionGap=16")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"use_runner_v2", "beam_fn_api", "a,use_portable_job_submission"})
  void rejectsStatefulEngineOnRunnerV2(String experiments) {
    String v2 = experiments.replace("a,", "");
    assertEquals(
        List.of(
            "--engine=stateful: not on Dataflow's Runner v2, where a step does not see the watermark: leave out --experiments="
                + v2
                + ", or use --engine=windows"),
        problems(flags("--engine=stateful", "--experiments=" + experiments)));
  }

  @ParameterizedTest
  @CsvSource({
    "--experiments=use_runner_v2, windows",
    "--streaming=true, windows",
    "--engine=stateful, stateful",
    "--project=example.com:my-project, windows",
    "--region=northamerica-northeast1, windows",
    "--jobName=a, windows"
  })
  void acceptsValidFlags(String flag, String engine) throws Exception {
    assertEquals(
        Engine.valueOf(engine.toUpperCase(Locale.ROOT)),
        Flags.parse(flags(flag).toArray(String[]::new)).settings().engine());
  }

  @Test
  void acceptsFilesOfCloudStorage() throws Exception {
    JobSpec job =
        Flags.parse(
            flags("--input=gs://bucket/visits/{01,02}/*.gz", "--output=gs://bucket/out")
                .toArray(String[]::new));
    assertEquals(Engine.STATEFUL, job.settings().engine());
  }

  @Test
  void rejectsFilesThatWorkersDoNotHave() {
    assertEquals(
        List.of(
            "--input=visits/*.gz: workers do not have it; name files such as gs://BUCKET/visits/*",
            "--output=out: must be a folder such as gs://BUCKET/sessions",
            "--seam=2024-01-01T00:00:00Z: not with DataflowRunner",
            "--update: a job on files is not replaced while it runs; leave it out"),
        problems(
            flags(
                "--input=visits/*.gz", "--output=out", "--seam=2024-01-01T00:00:00Z", "--update")));
    assertEquals(
        List.of(
            "--input=-: workers do not have it; name files such as gs://BUCKET/visits/*",
            "--output: missing; give a folder such as gs://BUCKET/sessions",
            "--templateLocation: not with --input; the command waits for the job"),
        problems(flags("--input=-", "--templateLocation=gs://bucket/template")));
  }

  @Test
  void rejectsContradictingRunnerV2Experiments() {
    assertEquals(
        List.of("--experiments=disable_runner_v2: contradicts --experiments=use_runner_v2"),
        problems(flags("--experiments=use_runner_v2,disable_runner_v2")));
  }

  @Test
  void atLeastOnceModeNeedsDeduplication() throws Exception {
    String mode = "--dataflowServiceOptions=streaming_mode_at_least_once";
    assertEquals(
        List.of(mode + ": may count a visit several times; also give --deduplicate"),
        problems(flags(mode)));
    Flags.parse(flags(mode, "--deduplicate").toArray(String[]::new));
  }

  @Test
  void checksFlagsOfUpdates() {
    assertEquals(
        List.of("--transformNameMapping: needs --update"),
        problems(flags("--transformNameMapping={\"a\":\"b\"}")));
    assertEquals(
        List.of("--update: a template is no job that runs; leave out --templateLocation"),
        problems(flags("--update", "--templateLocation=gs://my-bucket/t")));
  }

  @Test
  void missingCredentialsNeedLoopbackEndpoint() throws Exception {
    String noop =
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory";
    List<String> problem = List.of(noop + ": is only for an emulator of Dataflow on this machine");
    assertEquals(problem, problems(flags(noop)));
    assertEquals(
        problem, problems(flags(noop, "--dataflowEndpoint=https://127.0.0.1.example.org/")));
    Flags.parse(flags(noop, "--dataflowEndpoint=http://127.0.0.1:80/").toArray(String[]::new));
  }

  @Test
  void readsEveryFlag() throws Exception {
    DataflowFlags flags =
        DataflowFlags.of(
            Flags.parse(
                    flags(
                            "--update",
                            "--transformNameMapping={\"a\":\"b\"}",
                            "--stagingLocation=gs://my-bucket/s",
                            "--dataflowEndpoint=http://localhost:1")
                        .toArray(String[]::new))
                .options());
    assertEquals(
        new DataflowFlags(
            "my-project-1",
            "europe-west1",
            "sessionizer",
            "gs://my-bucket/temp",
            "gs://my-bucket/s",
            null,
            List.of("use_unbounded_sdf_wrapper", "disable_runner_v2"),
            List.of(),
            true,
            Map.of("a", "b"),
            "http://localhost:1/",
            null),
        flags);
    assertEquals(
        "https://console.cloud.google.com/dataflow/jobs/europe-west1/ID?project=my-project-1",
        flags.console("ID"));
  }

  @Test
  void rejectsBrokersOnThisMachine() throws Exception {
    assertEquals(
        List.of(LOOPBACK), problems(flags("--bootstrapServers=kafka:9092,localhost:9092")));
    Flags.parse(
        flags("--bootstrapServers=localhost:9092", "--dataflowEndpoint=http://127.0.0.1:80/")
            .toArray(String[]::new));
  }

  /** The jar that checks flags before the one for Dataflow is built. */
  @Nested
  class WithoutTheRunner {
    @Test
    void namesAndTypesMatchRunner() throws Exception {
      String expected = String.join("\n", types()) + "\n";
      Path file = Path.of("src/main/resources/io/sessionizer/launch/dataflow/dataflow-flags.txt");
      if (Boolean.getBoolean("sessionizer.write")) {
        Files.writeString(file, expected);
      }
      assertEquals(
          expected,
          Files.readString(file),
          "mvn test -Dtest=DataflowFlagsTest -Dsessionizer.write=true writes it anew");
    }

    @Test
    void acceptsFlagsOfRunner() throws Exception {
      AbsentFlags absent = AbsentFlags.ofDataflow();
      JobSpec job =
          Preflight.parse(
              absent,
              flags(
                      "--update",
                      "--transformNameMapping={\"a\":\"b\"}",
                      "--maxNumWorkers=3",
                      "--autoscalingAlgorithm=NONE",
                      "--experiments=use_runner_v2",
                      "--dataflowServiceOptions=a,b",
                      "--sessionGap=PT20M",
                      "--usePublicIps=false")
                  .toArray(String[]::new));
      assertEquals("PT20M", job.options().getSessionGap());
      assertEquals(
          new DataflowFlags(
              "my-project-1",
              "europe-west1",
              "sessionizer",
              "gs://my-bucket/temp",
              null,
              null,
              List.of("use_runner_v2"),
              List.of("a", "b"),
              true,
              Map.of("a", "b"),
              "https://dataflow.googleapis.com/",
              null),
          DataflowFlags.of(job.options(), absent.values()));
    }

    @Test
    void settingsNeedNoRunner() throws Exception {
      assertEquals(
          Duration.ofMinutes(20),
          Preflight.settings(flags("--maxNumWorkers=3", "--sessionGap=20m").toArray(String[]::new))
              .policy()
              .gap());
    }

    @Test
    void reportsAllProblemsAtOnce() {
      String[] flags = {
        "--runner=DataflowRunner",
        "--project=my-project-1",
        "--region=Frankfurt",
        "--tempLocation=gs://my-bucket/temp",
        "--sessionGap=16",
        "--sessionsGap=PT16M",
        "--subnetwrok=s",
        "--maxNumWorkers=many",
        "--update=perhaps",
        "--autoscalingAlgorithm=SOME",
        "--transformNameMapping=a",
        "--network=a",
        "--network=b",
        "--dataflowServiceOptions=streaming_mode_at_least_once"
      };
      assertEquals(
          List.of(
              "--sessionsGap: no such flag; did you mean --sessionGap?",
              "--subnetwrok: no such flag; did you mean --subnetwork?",
              "--maxNumWorkers=many: must be a whole number, 2147483647 at most",
              "--update=perhaps: must be true or false",
              "--autoscalingAlgorithm=SOME: must be one of [NONE, BASIC, THROUGHPUT_BASED]",
              "--transformNameMapping=a: must be a JSON object",
              "--network=b: given several times; give it once",
              "--sessionGap=16: must be a duration such as 16m, 1h30m or PT16M",
              "--region=Frankfurt: must be where the job is to run, such as europe-west1",
              "--dataflowServiceOptions=streaming_mode_at_least_once: may count a visit several times; also give --deduplicate",
              LOOPBACK),
          assertThrows(
                  BadFlagsException.class, () -> Preflight.parse(AbsentFlags.ofDataflow(), flags))
              .problems());
    }

    private static Collection<String> types() {
      Map<String, String> types = new TreeMap<>();
      for (PipelineOptionsRegistrar registrar :
          ServiceLoader.load(PipelineOptionsRegistrar.class)) {
        for (Class<?> options : registrar.getPipelineOptions()) {
          for (Method getter : options.getMethods()) {
            String name = getter.getName().replaceFirst("^(get|is)", "");
            if (getter.getDeclaringClass().getName().matches(".*\\.(dataflow|gcp)\\..*")
                && getter.getName().matches("(get|is)[A-Z].*")
                && getter.getParameterCount() == 0) {
              String flag = Introspector.decapitalize(name);
              types.put(flag, flag + " " + type(getter.getReturnType()));
            }
          }
        }
      }
      return types.values();
    }

    private static String type(Class<?> type) {
      if (type.isEnum()) {
        return Stream.of(type.getEnumConstants()).map(Object::toString).collect(joining("|"));
      }
      return switch (type.getSimpleName()) {
        case "int", "Integer" -> "int";
        case "long", "Long" -> "long";
        case "boolean", "Boolean" -> "boolean";
        case "List" -> "list";
        case "Map" -> "map";
        default -> "text";
      };
    }
  }

  private static List<String> flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--tempLocation=gs://my-bucket/temp",
                "--bootstrapServers=kafka:9092"));
    for (String flag : more) {
      flags.removeIf(given -> given.startsWith(flag.split("=", 2)[0] + "="));
      flags.add(flag);
    }
    return flags;
  }

  private static List<String> problems(List<String> flags) {
    return assertThrows(BadFlagsException.class, () -> Flags.parse(flags.toArray(String[]::new)))
        .problems();
  }
}
