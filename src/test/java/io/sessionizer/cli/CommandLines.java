package io.sessionizer.cli;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** The content of the command line: commands, flags and help. */
public final class CommandLines {
  private static final Pattern FLAG = Pattern.compile("(?<!\\S)--[\\w-]+");
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  private CommandLines() {}

  /** Returns the names of all commands. */
  public static Set<String> commands() {
    return Sessionizer.commandLine().getSubcommands().keySet();
  }

  /** Returns the text that a command prints with {@code --help} and other flags. */
  public static String help(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--help"));
    words.addAll(List.of(more));
    return out(words.toArray(String[]::new));
  }

  /** Returns the text that a command line prints on the standard output. */
  static String out(String... words) {
    StringWriter out = new StringWriter();
    Sessionizer.commandLine().setOut(new PrintWriter(out, true)).execute(words);
    return out.toString();
  }

  /** Returns the flags that the help of any command names. */
  public static Set<String> flags() {
    Set<String> flags = new TreeSet<>();
    commands().forEach(command -> flags.addAll(flags(command)));
    return flags;
  }

  /** Returns the flags that the help of a command names. */
  static Set<String> flags(String command) {
    Set<String> flags = new TreeSet<>();
    Matcher flag = FLAG.matcher(help(command, "--all"));
    while (flag.find()) {
      flags.add(flag.group());
    }
    return flags;
  }

  /**
   * Returns the problems with the commands and flags of a line, without running it. Values are not
   * checked; a line may have a comment.
   *
   * @param line begins with {@code ./sessionizer}
   */
  public static List<String> unknownIn(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.replaceFirst("\\s[#|>].*", ""));
    while (word.find()) {
      words.add(word.group().replaceAll("['\"]", ""));
    }
    CommandLine commandLine = Sessionizer.commandLine();
    CommandLine.ParseResult parsed =
        commandLine.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
    List<String> problems = new ArrayList<>();
    parsed.asCommandLineList().forEach(command -> problems.addAll(FlagProblems.of(command)));
    if (parsed.hasSubcommand() && !parsed.subcommand().unmatched().isEmpty()) {
      problems.addAll(unknownToJob(parsed.subcommand().unmatched()));
    }
    return problems;
  }

  private static List<String> unknownToJob(List<String> flags) {
    try {
      Flags.parse(flags.toArray(String[]::new));
      return List.of();
    } catch (BadFlagsException e) {
      return e.problems().stream()
          .filter(problem -> problem.matches("(?s).*(no such flag|not a flag|needs a value).*"))
          .toList();
    }
  }

  /** Returns the lines of a command's help that are examples. */
  static List<String> examples(String command) {
    return HelpPage.examples(
        Sessionizer.subcommand(Sessionizer.commandLine(), command).getCommandSpec());
  }
}
