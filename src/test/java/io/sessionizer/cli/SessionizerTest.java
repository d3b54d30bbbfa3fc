package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Messages for a command line with unknown commands or flags. */
class SessionizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnu --engine=windows | rnu: no such command; did you mean run? | sessionizer",
        "dmeo | dmeo: no such command; did you mean demo? | sessionizer",
        "Tail | Tail: no such command; did you mean tail? | sessionizer",
        "explian v1 | explian: no such command; did you mean explain? | sessionizer",
        "repot | repot: no such command; did you mean report? | sessionizer",
        "--verison | --verison: no such flag; did you mean --version? | sessionizer",
        "generate --vists=3 | --vists: no such flag; did you mean --visits? | sessionizer generate",
        "demo --vists=3 | --vists: no such flag; did you mean --visits? | sessionizer demo",
        "tail --tpic=x | --tpic: no such flag; did you mean --topic? | sessionizer tail",
        "tail --clientconfig=a=secret | --clientconfig: no such flag; did you mean --clientConfig? | sessionizer tail",
        "tail sessions | sessions: not a flag; write --name=value | sessionizer tail"
      })
  void suggestsCommandOrFlag(String line, String problem, String command) {
    assertEquals(
        "sessionizer: " + problem + "\nTry " + command + " --help\n", err(line.split(" ")));
  }

  @Test
  void listsCommandsIfNoneIsSimilar() {
    assertTrue(
        err("start").startsWith("sessionizer: start: no such command; there are demo, run, "),
        err("start"));
  }

  private static String err(String... args) {
    StringWriter err = new StringWriter();
    CommandLine line = Sessionizer.commandLine();
    line.setErr(new PrintWriter(err, true));
    assertEquals(2, line.execute(args));
    return err.toString();
  }
}
