package io.sessionizer.cli;

import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.NameSuggestions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One sentence for each problem with a command line, instead of picocli's messages. */
final class FlagProblems {
  private static final Pattern UNKNOWN_TO_JOB =
      Pattern.compile("(--[\\w-]+): no such flag; \\./sessionizer run --help lists them");
  private static final Pattern PICOCLI_PREFIX =
      Pattern.compile("(?s)Invalid value for .*?'(?: \\(.*?\\))?: (.*)");

  /** Counts of which zero makes no sense. */
  private static final Set<String> ONE_OR_MORE =
      Set.of(
          "--visitors",
          "--last",
          "--repeats",
          "--parallelism",
          "--partitions",
          "--replicationFactor");

  /** How many characters of a value a problem has. */
  private static final int MAX_SHOWN = 150;

  private FlagProblems() {}

  /** Returns the problems with the words of a command, in our words. */
  static List<String> of(CommandLine command) {
    return Stream.concat(
            FlagWords.missingValues(command.getCommandSpec()).stream(),
            command.getParseResult().errors().stream().map(FlagProblems::of))
        .toList();
  }

  /** Returns the problem that picocli has with a command line. */
  static String of(Exception e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    if (e instanceof MissingParameterException missing) {
      String name = name(missing.getMissing().get(0));
      return name.startsWith("-") ? name + ": needs a value" : name + " is missing";
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + ": given several times; give it once";
    }
    return e instanceof ParameterException invalid && invalid.getArgSpec() != null
        ? name(invalid.getArgSpec()) + "=" + invalid.getValue() + ": " + expected(invalid)
        : String.valueOf(e.getMessage());
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? option.longestName()
        : ((PositionalParamSpec) arg).paramLabel();
  }

  private static String expected(ParameterException invalid) {
    ArgSpec arg = invalid.getArgSpec();
    return switch (arg.paramLabel()) {
      case "COUNT" ->
          "must be a whole number, " + (ONE_OR_MORE.contains(name(arg)) ? "1" : "0") + " or more";
      case "NUMBER" -> "must be a whole number";
      case "PORT" -> "must be a whole number from 0 to 65535";
      case "PERCENT" -> "must be a number from 0 to 100";
      default -> arg.arity().max() == 0 ? "must be true or false" : withoutPrefix(invalid);
    };
  }

  private static String withoutPrefix(ParameterException invalid) {
    String message = String.valueOf(invalid.getMessage());
    Matcher picocli = PICOCLI_PREFIX.matcher(message);
    return picocli.matches() ? picocli.group(1) : message;
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String word = e.getUnmatched().get(0).replaceFirst("(?s)=.*", ""); // maybe a password
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (word.startsWith("-")) {
      return word + ": no such flag" + suggestion(word, command.optionsMap().keySet());
    }
    Set<String> commands = command.subcommands().keySet();
    return commands.isEmpty()
        ? word + ": not a flag; write --name=value"
        : word + ": no such command" + suggestion(word, commands);
  }

  private static String suggestion(String word, Collection<String> known) {
    List<String> nearest = NameSuggestions.to(word, known);
    return nearest.isEmpty()
        ? "; there are " + String.join(", ", known)
        : "; did you mean " + String.join(" or ", nearest) + "?";
  }

  /**
   * Returns a problem of a command: flags are as they were typed, long values are cut, and a flag
   * that the job does not know may be meant as one of the command itself.
   */
  static String inCommand(String problem, CommandLine command) {
    List<String> typed = command.getParseResult().originalArgs();
    return withoutLongValues(
        FlagSpelling.asTyped(withSuggestion(problem, command.getCommandSpec()), typed), typed);
  }

  private static String withoutLongValues(String problem, List<String> typed) {
    String cut = problem;
    for (String word : typed) {
      String value = word.startsWith("--") ? word.substring(word.indexOf('=') + 1) : word;
      if (value.length() > MAX_SHOWN) {
        cut = cut.replace(value, value.substring(0, MAX_SHOWN) + "...");
      }
    }
    return cut;
  }

  private static String withSuggestion(String problem, CommandSpec command) {
    Matcher unknown = UNKNOWN_TO_JOB.matcher(problem);
    if (!unknown.matches()) {
      return problem;
    }
    List<String> nearest = NameSuggestions.to(unknown.group(1), command.optionsMap().keySet());
    return nearest.isEmpty()
        ? problem
        : unknown.group(1) + ": no such flag; did you mean " + String.join(" or ", nearest) + "?";
  }
}
