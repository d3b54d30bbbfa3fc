package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchCommandTest {
  private final StringWriter err = new StringWriter();

  @Test
  void rejectsPublicAddressUnlessAllowed() {
    assertEquals(2, run("watch", "--host=0.0.0.0"));
    assertEquals(
        """
        sessionizer: --host=0.0.0.0: whoever reaches this address would read every visit; if that is meant, add --anyoneMayRead
        Try sessionizer watch --help
        """,
        err.toString());
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertEquals(2, run("watch", "--port=70000", "--last=0", "--sessionGap=soon", "--host=[::"));
    assertEquals(
        """
        sessionizer: --port=70000: must be from 0 to 65535
        sessionizer: --last=0: must be 1 or more
        sessionizer: --host=[::: no such host
        sessionizer: --sessionGap=soon: must be a duration such as 16m, 1h30m or PT16M
        Try sessionizer watch --help
        """,
        err.toString());
  }

  @Test
  void demoChecksWatchPort() {
    assertEquals(2, run("demo", "--watch=70000", "--visits=-1"));
    assertEquals(
        """
        sessionizer: --visits=-1: must be 0 or more
        sessionizer: --watch=70000: must be from 0 to 65535
        Try sessionizer demo --help
        """,
        err.toString());
  }

  @Test
  void demoRejectsJobWithoutMetrics() {
    assertEquals(2, run("demo", "--runner=FlinkRunner", "--disableMetrics=true"));
    assertEquals(
        """
        sessionizer: --disableMetrics=true: is for run; the demo shows what the job has counted
        Try sessionizer demo --help
        """,
        err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch", "report"})
  void readsJobFlagsFromFile(String command, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), "sessionGap: soon\n");
    assertEquals(2, run(command, "--config", file.toString()));
    assertEquals(
        """
        sessionizer: %s:1: --sessionGap=soon: must be a duration such as 16m, 1h30m or PT16M
        Try sessionizer %s --help
        """
            .formatted(file, command),
        err.toString());
  }

  private int run(String... args) {
    return Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute(args);
  }
}
