package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.FlagReader;
import io.sessionizer.launch.AbsentFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Any command line, in any of the four ways to write a flag. */
class AnyFlagWordsTest {
  @Property(tries = 300)
  void splitFlagsAreReadAlike(@ForAll("generateFlags") List<String> flags, @ForAll Random random) {
    assertEquals(options("generate", flags), options("generate", split(flags, random, List.of())));
  }

  @Property(tries = 300)
  void splitJobFlagsAreReadAlike(@ForAll("jobFlags") List<String> flags, @ForAll Random random) {
    List<String> words = split(flags, random, List.of());
    assertEquals(flags, FlagReader.normalized(words, AbsentFlags.ofDataflow()));

    List<String> withVisitId = split(flags, random, List.of("v1"));
    ParseResult explain = parse("explain", withVisitId);
    assertEquals(flags, explain.unmatched());
    assertEquals("v1", explain.matchedPositionalValue(0, ""));
  }

  @Provide
  Arbitrary<List<String>> generateFlags() {
    Arbitrary<String> names =
        Arbitraries.of("--visits", "--seed", "--topic", "--startTime", "--late", "--broken");
    return flags(names, Arbitraries.just("--help"));
  }

  @Provide
  Arbitrary<List<String>> jobFlags() {
    return flags(
        Arbitraries.of(
            "--sessionGap",
            "--visitsTopic",
            "--runner",
            "--flinkMaster",
            "--experiments",
            "--consumerConfig",
            "--jobName",
            "--workerMachineType",
            "--HTTPReadTimeout"),
        Arbitraries.of("--deduplicate", "--stopWhenDrained", "--streaming", "--usePublicIps"));
  }

  private static Arbitrary<List<String>> flags(
      Arbitrary<String> names, Arbitrary<String> switches) {
    Arbitrary<String> values = Arbitraries.strings().withChars("aB1-=. ,\n/").ofMaxLength(6);
    Arbitrary<String> withValue =
        Combinators.combine(names, values).as((name, value) -> name + "=" + value);
    return Arbitraries.oneOf(withValue, switches, switches.map(name -> name + "=false"))
        .list()
        .ofMaxSize(6);
  }

  /** Splits flags at the equals sign, hyphenates names, and adds words, at random. */
  private static List<String> split(List<String> flags, Random random, List<String> more) {
    List<List<String>> words = new ArrayList<>();
    for (String flag : flags) {
      String[] parts = flag.split("=", 2);
      String name = random.nextBoolean() ? hyphenated(parts[0]) : parts[0];
      boolean isSwitch = parts.length == 1 || parts[1].equals("false");
      boolean splits = !isSwitch && !parts[1].startsWith("--") && random.nextBoolean();
      if (splits) {
        words.add(List.of(name, parts[1]));
      } else {
        words.add(List.of(parts.length == 1 ? name : name + "=" + parts[1]));
      }
    }
    more.forEach(word -> words.add(random.nextInt(words.size() + 1), List.of(word)));
    return words.stream().flatMap(List::stream).toList();
  }

  private static String hyphenated(String name) {
    return name.matches("--[a-z].*")
        ? name.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
        : name;
  }

  private static Map<String, List<String>> options(String command, List<String> words) {
    Map<String, List<String>> values = new TreeMap<>();
    ParseResult parsed = parse(command, words);
    for (OptionSpec option : parsed.matchedOptions()) {
      values.put(option.longestName(), option.originalStringValues());
    }
    values.put("", parsed.errors().stream().map(FlagProblems::of).toList());
    return values;
  }

  private static ParseResult parse(String command, List<String> words) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(words);
    return Sessionizer.commandLine().parseArgs(all.toArray(String[]::new)).subcommand();
  }
}
