package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.RegisteredFlags;
import io.sessionizer.launch.AbsentFlags;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The help of every command. */
class HelpPageTest {
  private static final int LINES = 40;
  private static final int COLUMNS = 80;

  static Set<String> commands() {
    return CommandLines.commands();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void fitsOneScreen(String command) {
    List<String> lines = CommandLines.help(command).lines().toList();
    assertTrue(lines.size() <= LINES, () -> lines.size() + " lines of " + command);
    assertFits(lines);
    assertFits(CommandLines.help(command, "--all").lines().toList());
  }

  @Test
  void helpOfProgramFitsOneScreen() {
    List<String> lines = CommandLines.out("--help").lines().toList();
    assertTrue(lines.size() <= LINES, () -> lines.size() + " lines");
    assertFits(lines);
    for (String command : commands()) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("  " + command + " ")), command);
    }
  }

  private static void assertFits(List<String> lines) {
    assertEquals(List.of(), lines.stream().filter(line -> line.length() > COLUMNS).toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyFlagIsInOneGroup(String command) {
    CommandSpec spec = Sessionizer.subcommand(Sessionizer.commandLine(), command).getCommandSpec();
    Set<String> expected = new TreeSet<>();
    spec.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::longestName)
        .forEach(expected::add);
    if (FlagWords.hasJobFlags(spec)) {
      expected.addAll(JobFlags.documented().keySet());
    }
    List<String> grouped = new ArrayList<>();
    HelpGroups.of(spec).forEach(group -> group.all().forEach(flag -> grouped.add(flag.name())));
    assertEquals(List.copyOf(expected), grouped.stream().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesHaveExistingFlags(String command) {
    List<String> examples = CommandLines.examples(command);
    assertFalse(examples.isEmpty());
    for (String example : examples) {
      String ours = example.replaceFirst("^jq .* \\| ", "").replaceAll(".*<\\(|\\)$", "");
      assertEquals(List.of(), CommandLines.unknownIn(ours));
    }
  }

  @Test
  void helpOfRunHasFlagsOfRunners() {
    String all = CommandLines.help("run", "--all");
    Set<String> missing =
        new HashSet<>(Set.of("--stateBackend", "--streaming", "--targetParallelism"));
    missing.removeIf(all::contains);
    assertEquals(Set.of(), missing);
    assertFalse(CommandLines.help("run").contains("--stateBackend"));
  }

  /** The help has flags of Dataflow and Spark, which other jars read. */
  @Test
  void documentedFlagsAreRegistered() {
    Set<String> unknown = new TreeSet<>(JobFlags.documented().keySet());
    unknown.removeAll(RegisteredFlags.all().keySet());
    AbsentFlags ofDataflow = AbsentFlags.ofDataflow();
    unknown.removeIf(flag -> ofDataflow.has(flag + "=x"));
    AbsentFlags ofSpark = AbsentFlags.ofSpark();
    unknown.removeIf(flag -> ofSpark.has(flag + "=x"));
    assertEquals(Set.of(), unknown);
  }

  @Test
  void showsDurationsWithUnits() {
    String help = CommandLines.help("run");
    assertTrue(help.contains("  --sessionGap=DURATION "), help);
    assertTrue(help.contains(" [16m]\n"), help);
    assertTrue(help.contains("\nDURATION is 16m, 1h30m, 250ms or ISO-8601, PT16M.\n"), help);
    assertFalse(CommandLines.help("tail").contains("DURATION"));
  }

  @ParameterizedTest
  @CsvSource({"run, true", "demo, true", "explain, true", "tail, false", "report, false"})
  void exitCodeFourOnlyWherePossible(String command, boolean has) {
    String all = CommandLines.help(command, "--all");
    assertEquals(has, all.contains("\n  4    records were read") || all.contains("\n  4    with "));
    assertTrue(
        all.contains(
            "\n  3    a broker, a topic, a port, a file or a Kafka setting cannot be used\n"),
        all);
    assertFalse(CommandLines.help(command).contains("Exit codes:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch --help", "nosuch --version", "--help nosuch"})
  void unknownCommandWithHelpIsAnError(String line) {
    StringWriter err = new StringWriter();
    assertEquals(
        2, Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute(line.split(" ")));
    assertTrue(err.toString().startsWith("sessionizer: nosuch: no such command"), err.toString());
  }

  @Test
  void allNeedsHelp() {
    StringWriter err = new StringWriter();
    assertEquals(
        2, Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute("tail", "--all"));
    assertEquals("sessionizer: --all: needs --help\nTry sessionizer tail --help\n", err.toString());
  }
}
