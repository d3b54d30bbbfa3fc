package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.RegisteredFlags;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagSpellingTest {

  @ParameterizedTest
  @CsvSource({
    "--session-gap=PT30M, --sessionGap=PT30M",
    "--start-time, --startTime",
    "--max-pages-per-session=5, --maxPagesPerSession=5",
    "--topic=late-visits, --topic=late-visits",
    "--sessionGap=PT30M, --sessionGap=PT30M",
    "late-visits, late-visits",
    "--, --",
    "-h, -h",
    "--Not-a-flag, --Not-a-flag"
  })
  void hyphensBecomeCapitals(String given, String read) {
    assertEquals(List.of(read), normalized(given));
  }

  @ParameterizedTest
  @CsvSource({
    "--session-gap 30m,                --sessionGap=30m",
    "v1 --sessionGap 30m v2,           v1 --sessionGap=30m v2",
    "--seed -5,                        --seed=-5",
    "--deduplicate false,              --deduplicate false",
    "--stop-when-drained v1,           --stopWhenDrained v1",
    "--sessionGap --deduplicate,       --sessionGap --deduplicate",
    "--sessionGap,                     --sessionGap",
    "--sessionGap=30m v1,              --sessionGap=30m v1",
    "--noSuchFlag 1,                   --noSuchFlag=1",
    "--sessionGap -- --session-gap,    --sessionGap -- --session-gap"
  })
  void valueMayBeNextWord(String given, String read) {
    assertEquals(List.of(read.split(" ")), normalized(given.split(" ")));
  }

  @Test
  void emptyWordIsValue() {
    assertEquals(List.of("--timeZone="), normalized("--timeZone", ""));
  }

  private static List<String> normalized(String... words) {
    return FlagSpelling.normalized(List.of(words), RegisteredFlags::isSwitch);
  }

  @ParameterizedTest
  @CsvSource({
    "run --stopWhenDrained false,       false: not a flag; write --name=value",
    "run --deduplicate --engine,        --engine: needs a value",
    "run --engine --deduplicate,        --engine: needs a value",
    "run --runner,                      --runner: needs a value",
    "run --config,                      --config: needs a value",
    "demo --watch 8070,                 8070: not a flag; write --name=value",
    "explain v1 --deduplicate v2,       v2: not a flag; write --name=value",
    "tail --noFollow false,             false: not a flag; write --name=value"
  })
  void switchNeverUsesNextWord(String line, String problem) {
    assertEquals(List.of(problem), problems(line));
  }

  @ParameterizedTest
  @CsvSource({
    "generate --visits,                 --visits: needs a value",
    "generate --visits --seed 1,        --visits: needs a value",
    "generate --topic --seed,           --topic: needs a value|--seed: needs a value",
    "explain --config --engine v1,      --config: needs a value|VISIT_ID is missing"
  })
  void reportsMissingValue(String line, String problems) {
    assertEquals(List.of(problems.split("\\|")), problems(line));
  }

  @ParameterizedTest
  @CsvSource({
    "tail --no-folow,                   --no-folow: no such flag; did you mean --noFollow?",
    "run --session-gaap=16m,            --session-gaap: no such flag; did you mean --sessionGap?",
    "run --session-gaap 16m,            --session-gaap: no such flag; did you mean --sessionGap?"
  })
  void repeatsFlagAsTyped(String line, String problem) {
    assertEquals(List.of(problem), problems(line));
  }

  @ParameterizedTest
  @CsvSource({
    "explain --session-gap 16x v1",
    "explain v1 --session-gap 16x",
    "explain --session-gap=16x -- v1",
    "explain --session-gap 16x -- --session-gap",
    "explain --deduplicate v1 --session-gap 16x"
  })
  void visitIdMayBeAnywhere(String line) {
    List<String> problems = problems(line);
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("--sessionGap=16x: must be "), problems::toString);
  }

  private static List<String> problems(String line) {
    StringWriter err = new StringWriter();
    assertEquals(
        2,
        Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute(line.split(" ")),
        err::toString);
    return err.toString()
        .lines()
        .filter(problem -> problem.startsWith("sessionizer: "))
        .map(problem -> problem.substring("sessionizer: ".length()))
        .toList();
  }

  @Test
  void valuesKeepTheirLinesAndHyphens() {
    assertEquals(
        List.of("--clientConfig=a-b=c\nd-e=f"), normalized("--client-config=a-b=c\nd-e=f"));
  }

  @Test
  void helpUsesOneSpelling() {
    Set<String> hyphenated = new TreeSet<>();
    for (String command : CommandLines.commands()) {
      CommandLines.flags(command).stream()
          .filter(flag -> flag.substring(2).contains("-"))
          .forEach(hyphenated::add);
    }
    assertEquals(Set.of(), hyphenated);
  }
}
