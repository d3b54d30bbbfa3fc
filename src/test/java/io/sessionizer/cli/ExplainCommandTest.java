package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  private final StringWriter err = new StringWriter();

  @Test
  void requiresVisitId() {
    assertEquals(2, explain());
    assertEquals(
        "sessionizer: VISIT_ID is missing\nTry sessionizer explain --help\n", err.toString());
  }

  @Test
  void reportsAllInvalidJobFlagsAtOnce() {
    assertEquals(2, explain("v1", "--sessionGap=16", "--visitTopic=x"));
    assertEquals(
        """
        sessionizer: --visitTopic: no such flag; did you mean --visitsTopic?
        sessionizer: --sessionGap=16: must be a duration such as 16m, 1h30m or PT16M
        Try sessionizer explain --help
        """,
        err.toString());
  }

  @Test
  void readsJobFlagsFromFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("sessionizer.yaml"), "sessionGap: 16\n");
    String problem =
        "sessionizer: %s:1: --sessionGap=16: must be a duration such as 16m, 1h30m or PT16M\n"
            .formatted(file);
    assertEquals(2, explain("--config", file.toString(), "v1"));
    assertEquals(2, explain("v1", "--config=" + file));
    assertEquals((problem + "Try sessionizer explain --help\n").repeat(2), err.toString());
  }

  @Test
  void rejectsSecondVisitId() {
    assertEquals(2, explain("v1", "v2"));
    assertEquals(
        "sessionizer: v2: not a flag; write --name=value\nTry sessionizer explain --help\n",
        err.toString());
  }

  private int explain(String... args) {
    String[] line = new String[args.length + 1];
    line[0] = "explain";
    System.arraycopy(args, 0, line, 1, args.length);
    return Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute(line);
  }
}
