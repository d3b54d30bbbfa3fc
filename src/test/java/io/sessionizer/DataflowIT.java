package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.LoopbackCloud;
import io.sessionizer.testing.LoopbackTrap;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job is submitted to a {@link LoopbackCloud}, which takes it, or does not. */
class DataflowIT {
  private static final String ID = "2026-11-23_00_00_00-1";
  private static final Pattern MAPPING = Pattern.compile("--transformNameMapping='(\\{.*\\})'");

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();
  private LoopbackCloud cloud;

  @BeforeEach
  void start() throws Exception {
    cloud = LoopbackCloud.start();
    kafka.createTopics();
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void submitsJobAndPrintsItsAddress() throws Exception {
    try (LoopbackTrap trap = LoopbackTrap.start();
        Command run = Command.withDataflow(folder, trap.javaOptions(folder), "run", flags())) {
      assertEquals(0, run.exitCode(300), run.err());

      assertTrue(
          run.err()
              .endsWith(
                  "job %s: https://console.cloud.google.com/dataflow/jobs/europe-west1/%s?project=my-project-1\n"
                      .formatted(ID, ID)),
          run.err());
      assertEquals(List.of(), trap.caught());
    }
    assertEquals(List.of(ID), cloud.jobs().stream().map(job -> job.path("id").asText()).toList());
    ObjectNode job = cloud.jobs().get(0);
    assertEquals("sessionizer", job.path("name").asText());
    assertEquals("JOB_TYPE_STREAMING", job.path("type").asText());
    assertEquals(DataflowGraphTest.golden("windows"), DataflowGraphTest.steps(job));
    assertEquals(kafka.topic("visits"), option(job, "visitsTopic"));
    assertEquals(kafka.topic("sessions"), option(job, "sessionsTopic"));
    assertEquals("true", option(job, "enableStreamingEngine"));
    assertEquals("2", option(job, "desiredNumUnboundedSourceSplits"), "a reader per partition");
    List<String> staged =
        cloud.objects().keySet().stream()
            .map(name -> name.replaceFirst("-[\\w-]{43}\\.", "-HASH."))
            .toList();
    assertEquals(List.of("temp/staging/job-HASH.jar", "temp/staging/pipeline-HASH.pb"), staged);
    assertArrayEquals(
        "the job".getBytes(UTF_8), cloud.objects().values().iterator().next(), "the jar");
  }

  @Test
  void missingCredentialsFailBeforeUpload() throws Exception {
    List<String> flags = new ArrayList<>(List.of(flags()));
    flags.removeIf(flag -> flag.startsWith("--credentialFactoryClass"));
    try (LoopbackTrap trap = LoopbackTrap.start();
        Command run =
            Command.withDataflow(
                folder, trap.javaOptions(folder), "run", flags.toArray(String[]::new))) {
      assertEquals(SessionizationJob.NOT_READY, run.exitCode(300), run.err());
      assertEquals(
          "sessionizer: no credentials for Google Cloud (there are none): run gcloud auth application-default login\n",
          run.err());
      // So the trap of the test above would have caught something.
      assertTrue(
          trap.caught().stream().anyMatch(request -> request.contains("metadata.google.internal")),
          trap.caught()::toString);
    }
    assertEquals(Set.of(), cloud.objects().keySet());
  }

  /** By the jar that there is, which has no runner for Dataflow. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sessionsGap=PT1M | 2 | sessionizer: --sessionsGap: no such flag; did you mean --sessionGap?\\nTry sessionizer run --help",
        "--sessionGap=PT20M | 3 | sessionizer: no credentials for Google Cloud (there are none): run gcloud auth application-default login"
      })
  void launcherChecksFlagsBeforeBuild(String flag, int exitCode, String said) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Command.launcher(folder).toString(),
                "run",
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--tempLocation=gs://my-bucket/temp",
                "--bootstrapServers=kafka.example.org:9092",
                flag)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    command.environment().put("CLOUDSDK_CONFIG", folder.toString());
    command.environment().put("NO_GCE_CHECK", "true");
    command.environment().remove("GOOGLE_APPLICATION_CREDENTIALS");
    Process launcher = command.start();
    assertTrue(launcher.waitFor(300, TimeUnit.SECONDS));
    assertEquals(said.replace("\\n", "\n") + "\n", Files.readString(folder.resolve("out")));
    assertEquals(exitCode, launcher.exitValue());
  }

  @Test
  void waitsForDrainingJob() throws Exception {
    try (Command run = Command.withDataflow(folder, List.of(), "run", flags("--stopWhenDrained"))) {
      FlinkCluster.await("a job", Duration.ofMinutes(5), () -> !cloud.jobs().isEmpty());
      cloud.state(ID, "JOB_STATE_DONE");
      assertEquals(0, run.exitCode(300), run.err());
      assertTrue(run.err().contains("INFO SessionizationJob - done: "), run.err());
    }
  }

  private void awaitJob(Command run) throws Exception {
    FlinkCluster.await(
        "a job", Duration.ofMinutes(5), () -> !cloud.jobs().isEmpty() || !run.process().isAlive());
  }

  @Test
  void submitsJobOnFilesAndFinishesItsFolder() throws Exception {
    cloud.put("visits/a.jsonl", "a visit".getBytes(UTF_8));
    String[] files = {"--input=gs://my-bucket/visits/*.jsonl", "--output=gs://my-bucket/sessions"};
    try (Command run = Command.withDataflow(folder, List.of(), "run", flags(files))) {
      awaitJob(run);
      assertEquals(1, cloud.jobs().size(), run.err());
      ObjectNode job = cloud.jobs().get(0);
      assertEquals("JOB_TYPE_BATCH", job.path("type").asText());
      assertEquals(DataflowGraphTest.golden("files"), DataflowGraphTest.steps(job));
      assertTrue(cloud.objects().containsKey("sessions/_INCOMPLETE"));
      cloud.state(ID, "JOB_STATE_DONE");
      assertEquals(0, run.exitCode(300), run.err());
      assertTrue(run.err().contains("INFO SessionizationJob - done: "), run.err());
    }
    assertEquals(
        List.of("sessions/_SUCCESS", "visits/a.jsonl"),
        cloud.objects().keySet().stream().filter(name -> !name.startsWith("temp/")).toList());
  }

  @Test
  void failedJobOnFilesLeavesNoFolder() throws Exception {
    cloud.put("visits/a.jsonl", "a visit".getBytes(UTF_8));
    String[] files = {"--input=gs://my-bucket/visits/*.jsonl", "--output=gs://my-bucket/sessions"};
    try (Command run = Command.withDataflow(folder, List.of(), "run", flags(files))) {
      awaitJob(run);
      cloud.state(ID, "JOB_STATE_FAILED");
      assertEquals(SessionizationJob.FAILED, run.exitCode(300), run.err());
    }
    assertEquals(
        List.of("visits/a.jsonl"),
        cloud.objects().keySet().stream().filter(name -> !name.startsWith("temp/")).toList());
  }

  @Test
  void globWithoutObjectsPreventsUpload() throws Exception {
    assertRejected(
        "--input=gs://my-bucket/visits/*: matches no file",
        "--input=gs://my-bucket/visits/*",
        "--output=gs://my-bucket/sessions");
    assertEquals(Set.of(), cloud.objects().keySet());
  }

  @Test
  void signalCancelsDrainingJob() throws Exception {
    try (Command run = Command.withDataflow(folder, List.of(), "run", flags("--stopWhenDrained"))) {
      FlinkCluster.await(
          "a job that is waited for",
          Duration.ofMinutes(5),
          () -> cloud.requests().stream().anyMatch(what -> what.endsWith("/jobs/" + ID)));
      run.signal("TERM");
      assertEquals(143, run.exitCode(60), run.err());
    }
    assertEquals("JOB_STATE_CANCELLED", cloud.jobs().get(0).path("currentState").asText());
  }

  @Test
  void rejectsNameOfRunningJob() throws Exception {
    submit();
    int objects = cloud.objects().size();
    assertRejected(
        "a job named sessionizer runs in europe-west1 already ("
            + ID
            + "): replace it with"
            + " --update, or give this one another --jobName");
    assertEquals(objects, cloud.objects().size());
    submit("--jobName=another");
    assertEquals(2, cloud.jobs().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403|no permission dataflow.jobs.list|rejects the request: no permission dataflow.jobs.list (the credentials need the role roles/dataflow.developer in this project)",
        "500|out of order|responds with status 500: out of order"
      })
  void failedJobListPreventsUpload(int status, String message, String said) {
    cloud.fail("GET jobs", 9, status, message);
    assertRejected("Dataflow (project my-project-1, region europe-west1) " + said);
    assertEquals(Set.of(), cloud.objects().keySet());
  }

  @Test
  void namesUnknownRegion() {
    assertRejected(
        "Dataflow (project my-project-1, region europe-west99) knows no such project or region:"
            + " The regional endpoint 'europe-west99' is not supported.",
        "--region=europe-west99");
  }

  @Test
  void namesUnreachableService() {
    NotReadyException problem =
        assertThrows(
            NotReadyException.class, () -> submit("--dataflowEndpoint=http://127.0.0.1:1/"));
    assertTrue(
        problem
            .getMessage()
            .startsWith(
                "Dataflow (project my-project-1, region europe-west1) does not respond at"
                    + " http://127.0.0.1:1/ (java.net.ConnectException"),
        problem.getMessage());
  }

  @Test
  void namesMissingBucket() {
    assertRejected(
        "cannot create a job for Dataflow with --tempLocation=gs://no-bucket/temp: 404 Not Found:"
            + " The specified bucket does not exist.",
        "--tempLocation=gs://no-bucket/temp");
  }

  @ParameterizedTest
  @CsvSource({
    "403, 403 Forbidden, the caller lacks dataflow.jobs.create",
    "409, 409 Conflict, there is already an active job of this name"
  })
  void reportsRejectedJobInOneLine(int status, String said, String message) {
    cloud.fail("POST jobs", 1, status, message);
    NotReadyException problem = assertThrows(NotReadyException.class, this::submit);
    assertEquals("Dataflow rejected the job: " + said + ": " + message, problem.getMessage());
  }

  @Test
  void reportsRejectedUploadInOneLine() {
    cloud.fail("POST o", 99, 403, "the caller lacks storage.objects.create");
    NotReadyException problem = assertThrows(NotReadyException.class, this::submit);
    assertTrue(
        problem.getMessage().contains("the caller lacks storage.objects.create"),
        problem.getMessage());
    assertEquals(1, problem.getMessage().lines().count(), problem.getMessage());
    assertEquals(List.of(), cloud.jobs());
  }

  @Test
  void retriesBusyService() throws Exception {
    cloud.fail("GET jobs", 2, 429, "too many requests");
    cloud.fail("POST jobs", 2, 429, "too many requests");
    submit();
    assertEquals(1, cloud.jobs().size());
    assertEquals(3, cloud.requests().stream().filter(what -> what.matches("POST .*/jobs")).count());
  }

  @Test
  void updateReplacesJobOfSameName() throws Exception {
    submit("--engine=stateful");
    submit("--engine=stateful", "--update", "--sessionGap=PT20M");
    assertEquals(ID, cloud.jobs().get(1).path("replaceJobId").asText());
    assertEquals("JOB_STATE_UPDATED", cloud.jobs().get(0).path("currentState").asText());
  }

  @Test
  void updateNeedsRunningJob() {
    assertRejected(
        "no job named sessionizer runs in europe-west1: there is nothing to update; leave out"
            + " --update",
        "--update");
  }

  @Test
  void renamedStepIsRejectedWithMapping() throws Exception {
    submit("--engine=stateful");
    rename("WriteSessions/WriteRecords/AfterCheckpoint/", "WriteSessions/Buffer/");
    int objects = cloud.objects().size();

    NotReadyException problem =
        assertThrows(NotReadyException.class, () -> submit("--engine=stateful", "--update"));
    assertEquals(
        "the running job has steps that the new one does not have:"
            + " WriteSessions/Buffer/KeyByShare/AddKeys/Map, WriteSessions/Buffer/Await. If they have"
            + " another name now, give --transformNameMapping='{\"WriteSessions/Buffer\":"
            + "\"WriteSessions/WriteRecords/AfterCheckpoint\"}'",
        problem.getMessage());
    assertEquals(objects, cloud.objects().size(), "nothing is uploaded");

    Matcher mapping = MAPPING.matcher(problem.getMessage());
    assertTrue(mapping.find());
    submit("--engine=stateful", "--update", "--transformNameMapping=" + mapping.group(1));
    assertEquals(mapping.group(1), cloud.jobs().get(1).path("transformNameMapping").toString());
  }

  @Test
  void jobOfReleaseBeforeShardsIsNotUpdated() throws Exception {
    submit("--engine=stateful");
    rename("SessionizeVisits/InShards/", "SessionizeVisits/InState/");
    int objects = cloud.objects().size();
    assertRejected(
        "the running job forms sessions in steps whose state the new one cannot read:"
            + " SessionizeVisits/InState/KeyByShard, SessionizeVisits/InState/FormSessions; cancel it,"
            + " and start the new one without --update"
            + " (docs/operations.md, \"Upgrades that cannot keep state\")",
        "--engine=stateful",
        "--update",
        "--transformNameMapping={\"SessionizeVisits/InState\":\"SessionizeVisits/InShards\"}");
    assertEquals(objects, cloud.objects().size(), "nothing is uploaded");
  }

  @Test
  void writesTemplateWithoutCallingDataflow() throws Exception {
    submit("--templateLocation=gs://" + LoopbackCloud.BUCKET + "/templates/sessionizer");
    assertTrue(cloud.objects().containsKey("templates/sessionizer"));
    assertEquals(List.of(), cloud.jobs());
    assertEquals(
        List.of(), cloud.requests().stream().filter(what -> what.contains("v1b3")).toList());
  }

  /** Gives steps of the job that runs another name. */
  private void rename(String from, String to) {
    for (JsonNode step : cloud.jobs().get(0).path("steps")) {
      ObjectNode name = (ObjectNode) step.at("/properties/user_name");
      String value = name.path("value").asText();
      if (value.startsWith(from)) {
        name.put("value", to + value.substring(from.length()));
      }
    }
  }

  private void assertRejected(String message, String... flags) {
    assertEquals(message, assertThrows(NotReadyException.class, () -> submit(flags)).getMessage());
  }

  private void submit(String... more) throws Exception {
    SessionizationJob.start(Flags.parse(flags(more)));
  }

  /** Of a flag that is given twice the last one counts. */
  private String[] flags(String... more) throws IOException {
    List<String> flags = new ArrayList<>(cloud.flags());
    flags.add("--filesToStage=" + Files.writeString(folder.resolve("job.jar"), "the job"));
    Set<String> names = new TreeSet<>();
    for (String flag : more) {
      names.add(flag.split("=", 2)[0]);
    }
    flags.removeIf(flag -> names.contains(flag.split("=", 2)[0]));
    flags.addAll(List.of(more));
    return kafka.flags(flags.toArray(String[]::new));
  }

  private static String option(ObjectNode job, String name) {
    return job.at("/environment/sdkPipelineOptions/options/" + name).asText();
  }
}
