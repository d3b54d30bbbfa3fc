package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  private final StringWriter talk = new StringWriter();

  @Test
  void asksForTheVisitId() {
    assertEquals(2, explain());
    assertEquals(
        "sessionizer: Missing required parameter: 'VISIT_ID'\nTry sessionizer explain --help\n",
        talk.toString());
  }

  @Test
  void reportsAllBadFlagsOfTheJobAtOnce() {
    assertEquals(2, explain("v1", "--sessionGap=16m", "--visitTopic=x"));
    assertEquals(
        """
        sessionizer: --visitTopic: no such flag; did you mean --visitsTopic?
        sessionizer: --sessionGap=16m: must be an ISO-8601 duration such as PT16M
        Try sessionizer explain --help
        """,
        talk.toString());
  }

  @Test
  void aSecondVisitIdIsNotTaken() {
    assertEquals(2, explain("v1", "v2"));
    assertEquals(
        "sessionizer: v2: not a flag; write --name=value\nTry sessionizer explain --help\n",
        talk.toString());
  }

  private int explain(String... args) {
    String[] line = new String[args.length + 1];
    line[0] = "explain";
    System.arraycopy(args, 0, line, 1, args.length);
    return Sessionizer.commandLine().setErr(new PrintWriter(talk, true)).execute(line);
  }
}
