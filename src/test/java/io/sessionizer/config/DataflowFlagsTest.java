package io.sessionizer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of flags for Dataflow before anybody is asked. */
class DataflowFlagsTest {
  @Test
  void whatIsMissingIsSaidAtOnce() {
    assertEquals(
        List.of(
            "--project: missing; give the id of your Google Cloud project",
            "--region: missing; give where the job is to run, such as europe-west1",
            "--tempLocation: missing; give a folder such as gs://BUCKET/temp"),
        problems(List.of("--runner=DataflowRunner")));
  }

  @Test
  void whatIsOfAnotherFormIsSaidAtOnceTogetherWithTheRest() {
    assertEquals(
        List.of(
            "--sessionGap=16m: must be an ISO-8601 duration such as PT16M",
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
                "--sessionGap=16m")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"use_runner_v2", "beam_fn_api", "a,use_portable_job_submission"})
  void theStatefulEngineIsNotForRunner2(String experiments) {
    String v2 = experiments.replace("a,", "");
    assertEquals(
        List.of(
            "--engine=stateful: not on Dataflow's Runner v2, where a step is not told the"
                + " watermark: leave out --experiments="
                + v2
                + ", or take --engine=windows"),
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
  void takesWhatIsRight(String flag, String engine) throws Exception {
    assertEquals(
        Engine.valueOf(engine.toUpperCase(Locale.ROOT)),
        Settings.from(Flags.parse(flags(flag).toArray(String[]::new))).engine());
  }

  @Test
  void runner2CannotBeAskedForAndSwitchedOff() {
    assertEquals(
        List.of("--experiments=disable_runner_v2: contradicts --experiments=use_runner_v2"),
        problems(flags("--experiments=use_runner_v2,disable_runner_v2")));
  }

  @Test
  void atLeastOnceModeNeedsDeduplication() throws Exception {
    String mode = "--dataflowServiceOptions=streaming_mode_at_least_once";
    assertEquals(
        List.of(mode + ": may count a visit several times; give --deduplicate, too"),
        problems(flags(mode)));
    Flags.parse(flags(mode, "--deduplicate").toArray(String[]::new));
  }

  @Test
  void whatIsForUpdatesNeedsOne() {
    assertEquals(
        List.of("--transformNameMapping: is for --update only"),
        problems(flags("--transformNameMapping={\"a\":\"b\"}")));
    assertEquals(
        List.of("--update: a template is no job that runs; leave out --templateLocation"),
        problems(flags("--update", "--templateLocation=gs://my-bucket/t")));
  }

  @Test
  void whoeverDoesNotLogInCanOnlyAskThisMachine() throws Exception {
    String noop =
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory";
    List<String> refused = List.of(noop + ": is for a Dataflow on this machine only");
    assertEquals(refused, problems(flags(noop)));
    assertEquals(
        refused, problems(flags(noop, "--dataflowEndpoint=https://127.0.0.1.example.org/")));
    Flags.parse(flags(noop, "--dataflowEndpoint=http://127.0.0.1:80/").toArray(String[]::new));
  }

  @Test
  void everyFlagIsRead() throws Exception {
    DataflowFlags flags =
        DataflowFlags.of(
            Flags.parse(
                flags(
                        "--update",
                        "--transformNameMapping={\"a\":\"b\"}",
                        "--stagingLocation=gs://my-bucket/s",
                        "--dataflowEndpoint=http://localhost:1")
                    .toArray(String[]::new)));
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
  void brokersOnThisMachineAreAHint() {
    assertEquals(List.of(), DataflowFlags.hints("kafka:9092,10.0.0.1:9092"));
    assertEquals(
        List.of(
            "--bootstrapServers=localhost:9092: to Dataflow's workers this is their own machine;"
                + " name the brokers as they are reached from the job's network"),
        DataflowFlags.hints("kafka:9092, localhost:9092"));
  }

  private static List<String> flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--tempLocation=gs://my-bucket/temp"));
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
