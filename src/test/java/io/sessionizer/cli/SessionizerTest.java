package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
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
        "tail sessions | sessions: not a flag; write --name=value | sessionizer tail",
        "generate --visits=x | --visits=x: must be a whole number, 0 or more | sessionizer generate",
        "generate --visitors=x | --visitors=x: must be a whole number, 1 or more | sessionizer generate",
        "generate --late=few | --late=few: must be a number from 0 to 100 | sessionizer generate",
        "generate --seed=1.5 | --seed=1.5: must be a whole number | sessionizer generate",
        "generate --seed=1 --seed=2 | --seed: given several times; give it once | sessionizer generate",
        "tail --noFollow=yes | --noFollow=yes: must be true or false | sessionizer tail",
        "broker --port=kafka | --port=kafka: must be a whole number from 0 to 65535 | sessionizer broker",
        "bench --heap=much | --heap=much: must be a size such as 4g | sessionizer bench",
        "bench --timeout=10 | --timeout=10: must be a duration such as 16m, 1h30m or PT16M | sessionizer bench",
        "bench --visits=1000,0 | --visits=0: must be 1 or more | sessionizer bench",
        "bench --acceptance --workload=late | --workload: must not be given with --acceptance, which has its own | sessionizer bench",
        "bench --repeats=0 | --repeats=0: must be 1 or more | sessionizer bench",
        "explain | VISIT_ID is missing | sessionizer explain"
      })
  void suggestsCommandOrFlag(String line, String problem, String command) {
    assertEquals(
        "sessionizer: " + problem + "\nTry " + command + " --help\n", err(line.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "generate --topic=a,b | --topic=a,b: must be one topic, not several",
        "produce --topic=a,b | --topic=a,b: must be one topic, not several",
        "tail --topic=a,b | --topic=a,b: must be one topic, not several",
        "tail --topic=a:b | --topic=a:b: must be 1 to 249 letters, digits, dots, '_' or '-'",
        "demo --visitsTopic=b,a | --visitsTopic=a,b: must be one topic; the demo writes its visits to it"
      })
  void severalTopicsAreRejectedWhereOneIsMeant(String line, String problem) {
    String[] words = line.split(" ", -1);
    assertEquals(
        "sessionizer: %s\nTry sessionizer %s --help\n".formatted(problem, words[0]), err(words));
  }

  @Test
  void longValuesAreCut() {
    String value = "x".repeat(5000);
    for (String flag : List.of("--sessionGap", "--where", "--engine", "--bootstrapServers")) {
      String err = err("run", flag + "=" + value);
      assertTrue(err.contains(flag + "=" + "x".repeat(100)), err);
      assertTrue(err.length() < 1000, err);
    }
  }

  @Test
  void listsCommandsIfNoneIsSimilar() {
    assertTrue(
        err("start")
            .startsWith("sessionizer: start: no such command; there are demo, inspect, run, "),
        err("start"));
  }

  @Test
  void wordBeforeCommandStartsNothing() {
    for (String words : List.of("help run", "start run --stopWhenDrained", "start run --help")) {
      String err = err(words.split(" ", -1));
      assertTrue(err.matches("(?s)sessionizer: (help|start): no such command; .*"), err);
      assertTrue(err.endsWith("Try sessionizer --help\n"), err);
    }
  }

  @Test
  void benchmarkSaysWhereItIs() {
    StringWriter err = new StringWriter();
    assertEquals(3, Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute("bench"));
    assertEquals(
        "sessionizer: the benchmark is not part of this jar: in a clone of the repository, run"
            + " ./sessionizer bench\n",
        err.toString());
  }

  private static String err(String... args) {
    StringWriter err = new StringWriter();
    CommandLine line = Sessionizer.commandLine();
    line.setErr(new PrintWriter(err, true));
    assertEquals(2, line.execute(args));
    return err.toString();
  }
}
