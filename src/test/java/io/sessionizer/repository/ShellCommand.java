package io.sessionizer.repository;

import io.sessionizer.cli.CommandLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of this repository in a shell script: the launcher, or a script of a runner.
 *
 * @param words the program, and its arguments without quotes
 */
record ShellCommand(List<String> words) {
  private static final String LAUNCHER = "./sessionizer";

  /** A user's file is not here. */
  private static final String UNREADABLE = "file that can be read";

  private static final Pattern WORD =
      Pattern.compile(
          "\\s*(?:(#.*)|(\\|\\||&&|[|;&<>()\\n])|((?:'[^']*'|\"[^\"]*\"|[^\\s|;&<>()'\"])+))");

  /** Returns the commands of this repository in a script. */
  static List<ShellCommand> in(String script) {
    List<ShellCommand> commands = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String line : script.replace("\\\n", " ").lines().toList()) {
      Matcher word = WORD.matcher(line);
      while (word.lookingAt()) {
        if (word.group(3) != null) {
          words.add(word.group(3).replaceAll("['\"]", ""));
        } else if (word.group(2) != null) {
          add(words, commands);
        } else {
          break;
        }
        word.region(word.end(), line.length());
      }
      add(words, commands);
    }
    return commands;
  }

  private static void add(List<String> words, List<ShellCommand> commands) {
    while (!words.isEmpty() && words.get(0).matches("\\w+=.*")) {
      words.remove(0); // a variable of the environment
    }
    if (!words.isEmpty()
        && (words.get(0).equals(LAUNCHER) || words.get(0).matches("(?:runners|docker)/.*"))) {
      commands.add(new ShellCommand(List.copyOf(words)));
    }
    words.clear();
  }

  /** Returns what is wrong with it, one sentence each. */
  List<String> problems() {
    String program = words.get(0);
    if (!Files.isExecutable(Path.of(program))) {
      return List.of(program + ": no such program");
    }
    return program.equals(LAUNCHER)
        ? CommandLines.unknownIn(String.join(" ", words)).stream()
            .filter(problem -> !problem.contains(UNREADABLE))
            .toList()
        : List.of();
  }
}
