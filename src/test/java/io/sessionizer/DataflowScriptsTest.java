package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the scripts for Dataflow would have gcloud do; check.sh asks gcloud what it thinks of it.
 */
class DataflowScriptsTest {
  private static final Path SCRIPTS = Path.of("runners", "dataflow").toAbsolutePath();
  private static final String PLACE = "--project=my-project-1 --region=europe-west1";

  private record Ended(int exitCode, String out, String err) {}

  @Test
  void submittingHandsTheJobsFlagsToTheTemplate() throws Exception {
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
        run(
            "submit.sh",
            "--jobName=hourly",
            "--bootstrapServers=a:1,b:2",
            "--max-workers=3",
            "--timeZone=Europe/Paris"));
  }

  @Test
  void updatingIsSubmittingInTheJobsPlace() throws Exception {
    String submitted = run("submit.sh", "--bootstrapServers=a:1").out().strip();
    assertEquals(
        new Ended(0, submitted + " --update --transform-name-mappings=A=B\n", ""),
        run("update.sh", "--bootstrapServers=a:1", "--transform-name-mappings=A=B"));
  }

  @Test
  void drainingFindsTheJobByItsName() throws Exception {
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
  @ValueSource(strings = {"setup.sh", "build.sh", "drain.sh"})
  void aFlagThatIsNoneIsRefused(String script) throws Exception {
    assertEquals(
        new Ended(
            2, "", "--colour=red: no such flag\n" + script + " --help lists what there is.\n"),
        run(script, "--colour=red"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"setup.sh", "build.sh", "submit.sh", "update.sh", "drain.sh"})
  void allThatIsMissingIsSaidAtOnce(String script) throws Exception {
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
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
    command.addAll(List.of(PLACE.split(" ", -1)));
    command.add("--dry-run");
    command.addAll(List.of(flags));
    return execute(command);
  }

  private static Ended execute(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, err);
  }
}
