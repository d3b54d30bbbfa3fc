package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gcloud commands of the scripts for Dataflow; check.sh has gcloud itself parse them. */
class DataflowScriptsTest {
  private static final Path SCRIPTS = Path.of("runners", "dataflow").toAbsolutePath();
  private static final String PLACE = "--project=my-project-1 --region=europe-west1";

  private static final Path NO_JAR = Path.of("no.jar");

  /** The classes as they were compiled, as a jar: that of the build comes later. */
  private static Path jar;

  @BeforeAll
  static void jar(@TempDir Path folder) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, "io.sessionizer.cli.Sessionizer");
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(path -> Path.of(path).toUri().toString())
            .collect(joining(" ")));
    jar = folder.resolve("sessionizer.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private record Ended(int exitCode, String out, String err) {}

  @Test
  void submitPassesFlagsToTemplate() throws Exception {
    assertEquals(
        new Ended(
            0,
            "gcloud dataflow flex-template run hourly "
                + PLACE
                + " --template-file-gcs-location=gs://my-project-1-sessionizer/templates/sessionizer.json"
                + " --staging-location=gs://my-project-1-sessionizer/staging"
                + " --temp-location=gs://my-project-1-sessionizer/temp"
                + " --enable-streaming-engine --disable-public-ips --max-workers=3"
                + " --service-account-email=sessionizer-worker@my-project-1.iam.gserviceaccount.com"
                + " --subnetwork=regions/europe-west1/subnetworks/sessionizer"
                + " '--parameters=^~^bootstrapServers=a:1,b:2~timeZone=Europe/Paris'\n",
            ""),
        execute(
            command(
                "submit.sh",
                "--jobName=hourly",
                "--bootstrapServers=a:1,b:2",
                "--max-workers=3",
                "--timeZone=Europe/Paris"),
            jar));
  }

  @Test
  void updateSubmitsInPlaceOfJob() throws Exception {
    String submitted = run("submit.sh", "--bootstrapServers=a:1").out().strip();
    assertEquals(
        new Ended(0, submitted + " --update --transform-name-mappings=A=B\n", ""),
        run("update.sh", "--bootstrapServers=a:1", "--transform-name-mappings=A=B"));
  }

  @Test
  void drainFindsJobByName() throws Exception {
    assertEquals(
        new Ended(
            0,
            "gcloud dataflow jobs list "
                + PLACE
                + " --status=active --filter=name=sessionizer '--format=value(id)'\n"
                + "gcloud dataflow jobs drain JOB_ID "
                + PLACE
                + "\n",
            ""),
        run("drain.sh"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"submit.sh", "update.sh"})
  void dryRunChecksFlagsOfJob(String script) throws Exception {
    assertEquals(
        new Ended(
            2,
            "",
            """
            sessionizer: --sessionsGap: no such flag; did you mean --sessionGap?
            sessionizer: --timeZone=Mars: must be a time zone such as Europe/Paris
            sessionizer: --bootstrapServers=localhost:9092: for Dataflow's workers this is their own machine; give addresses that the job's network can reach
            Try sessionizer run --help
            """),
        execute(command(script, "--sessionsGap=PT20M", "--timeZone=Mars"), jar));
  }

  @Test
  void checksFlagNamesWithoutJar() throws Exception {
    assertEquals(
        new Ended(
            2,
            "",
            """
            --sessionsGap: neither a parameter of the template (flex-template.json) nor a flag for gcloud
            --bootstrapServers: missing; give the brokers as they are reached from the job's network
            submit.sh --help lists what there is.
            """),
        execute(command("submit.sh", "--sessionsGap=PT20M"), NO_JAR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"setup.sh", "build.sh", "drain.sh"})
  void rejectsUnknownFlag(String script) throws Exception {
    assertEquals(
        new Ended(
            2, "", "--colour=red: no such flag\n" + script + " --help lists what there is.\n"),
        run(script, "--colour=red"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"setup.sh", "build.sh", "submit.sh", "update.sh", "drain.sh"})
  void reportsAllMissingFlagsAtOnce(String script) throws Exception {
    assertEquals(
        new Ended(
            2,
            "",
            """
            word: not a flag; write --name=value
            --project: missing; give the id of your Google Cloud project
            --region: missing; give where the job is to run, such as europe-west1
            %s --help lists what there is.
            """
                .formatted(script)),
        execute(List.of(SCRIPTS.resolve(script).toString(), "word")));
  }

  private static Ended run(String script, String... flags)
      throws IOException, InterruptedException {
    return execute(command(script, flags), NO_JAR);
  }

  private static List<String> command(String script, String... flags) {
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
    command.addAll(List.of(PLACE.split(" ", -1)));
    command.add("--dry-run");
    command.addAll(List.of(flags));
    return command;
  }

  private static Ended execute(List<String> command) throws IOException, InterruptedException {
    return execute(command, NO_JAR);
  }

  private static Ended execute(List<String> command, Path jar)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SESSIONIZER_JAR", jar.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, err);
  }
}
