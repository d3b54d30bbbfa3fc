package io.sessionizer.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: one screen of common flags, or everything. */
final class HelpPage {
  private static final int COLUMNS = 80;
  private static final int MOST_NAME_COLUMNS = 34;
  private static final String INDENT = "  ";

  private final CommandSpec command;
  private final boolean all;
  private final Ansi ansi;
  private final List<FlagGroup> groups;
  private final StringBuilder page = new StringBuilder();

  private HelpPage(CommandLine command, boolean all, Ansi ansi) {
    this.command = command.getCommandSpec();
    this.all = all;
    this.ansi = ansi;
    this.groups = HelpGroups.of(this.command);
  }

  /**
   * Returns the help of a command.
   *
   * @param all whether it has all flags and the exit codes
   */
  static String of(CommandLine command, boolean all, Ansi ansi) {
    return new HelpPage(command, all, ansi).text();
  }

  private String text() {
    addWrapped("Usage: ", synopsis(command), INDENT);
    page.append('\n');
    String[] description = command.usageMessage().description();
    for (String paragraph : all ? description : Arrays.copyOf(description, 1)) {
      addWrapped("", paragraph, "");
    }
    addCommands();
    addFlags(groups);
    addTitle("Examples");
    examples(command).forEach(line -> page.append(INDENT).append(line).append('\n'));
    if (all) {
      addExitCodes();
    }
    addNotes();
    if (all && command.name().equals(RunCommand.NAME)) {
      addFlags(JobFlags.others());
    }
    return page.toString();
  }

  /** Returns how a command is written. */
  static String synopsis(CommandSpec command) {
    String[] own = command.usageMessage().customSynopsis();
    if (own.length > 0) {
      return own[0];
    }
    boolean hasFlags = HelpGroups.of(command).stream().anyMatch(group -> !group.common().isEmpty());
    return command.qualifiedName()
        + (command.subcommands().isEmpty() ? "" : " COMMAND")
        + (hasFlags || !command.subcommands().isEmpty() ? " [--name=value ...]" : "");
  }

  /** Returns the examples of a command: those that it has, or the shortest one. */
  static List<String> examples(CommandSpec command) {
    List<String> own =
        Arrays.stream(command.usageMessage().footer())
            .map(String::strip)
            .filter(line -> line.contains("sessionizer "))
            .toList();
    if (!own.isEmpty()) {
      return own;
    }
    String shortest = "./" + command.qualifiedName();
    return FlagWords.hasJobFlags(command)
        ? List.of(shortest, shortest + " --config=job.yaml")
        : List.of(shortest);
  }

  private void addCommands() {
    if (!command.subcommands().isEmpty()) {
      addTitle("Commands");
      int width = command.subcommands().keySet().stream().mapToInt(String::length).max().orElse(0);
      command
          .subcommands()
          .forEach(
              (name, spec) ->
                  addEntry(name, spec.getCommandSpec().usageMessage().description()[0], width));
    }
  }

  private List<FlagHelp> shown(FlagGroup group) {
    return all ? group.all() : group.common();
  }

  private void addFlags(List<FlagGroup> groups) {
    int width =
        groups.stream()
            .flatMap(group -> shown(group).stream())
            .mapToInt(flag -> flag.usage().length())
            .filter(length -> length <= MOST_NAME_COLUMNS)
            .max()
            .orElse(0);
    for (FlagGroup group : groups) {
      if (!shown(group).isEmpty()) {
        addTitle(group.title());
        for (FlagHelp flag : shown(group)) {
          addEntry(flag.usage(), flag.withDefault(all ? flag.text() : flag.summary()), width);
        }
      }
    }
  }

  private void addExitCodes() {
    addTitle("Exit codes");
    exitCodes(command).forEach((code, meaning) -> addEntry("" + code, meaning, 3));
  }

  /** Returns the exit codes of a command: those of all commands, and its own. */
  static Map<Integer, String> exitCodes(CommandSpec command) {
    Map<Integer, String> codes = new TreeMap<>();
    for (CommandSpec spec : List.of(command.root(), command)) {
      UsageMessageSpec usage = spec.usageMessage();
      usage.exitCodeList().forEach((code, text) -> codes.put(Integer.valueOf(code.strip()), text));
    }
    return codes;
  }

  private void addNotes() {
    page.append('\n');
    boolean hasDuration =
        groups.stream()
            .flatMap(group -> shown(group).stream())
            .anyMatch(flag -> flag.label().equals(FlagHelp.DURATION));
    if (hasDuration) {
      addWrapped("", "DURATION is 16m, 1h30m, 250ms or ISO-8601, PT16M.", "");
    }
    String name = command.qualifiedName();
    if (!command.subcommands().isEmpty()) {
      addWrapped("", "Flags of a command: " + name + " COMMAND --help", "");
    }
    if (!all) {
      addWrapped("", "All flags and exit codes: " + name + " --help --all", "");
    } else if (FlagWords.hasJobFlags(command) && !command.name().equals(RunCommand.NAME)) {
      addWrapped("", "Flags of Beam and of the runners: sessionizer run --help --all", "");
    }
  }

  private void addTitle(String title) {
    page.append('\n').append(styled(title + ":", Style.bold)).append('\n');
  }

  private void addEntry(String name, String text, int width) {
    String padding = " ".repeat(Math.max(0, width - name.length()));
    String start = INDENT + styled(name, Style.fg_yellow) + padding;
    String indent = INDENT + " ".repeat(width) + INDENT;
    if (name.length() > width) {
      page.append(start).append('\n');
      addWrapped(indent, text, indent);
    } else {
      int from = page.length();
      addWrapped(indent, text, indent);
      page.replace(from, from + INDENT.length() + width, start);
    }
  }

  /** Adds text in lines of 80 columns at most, each with whole words. */
  private void addWrapped(String first, String text, String indent) {
    StringBuilder line = new StringBuilder(first);
    boolean isEmpty = true;
    for (String word : text.split(" ", -1)) {
      if (!isEmpty && line.length() + 1 + word.length() > COLUMNS) {
        page.append(line).append('\n');
        line.setLength(0);
        line.append(indent);
        isEmpty = true;
      }
      line.append(isEmpty ? "" : " ").append(word);
      isEmpty = false;
    }
    page.append(line).append('\n');
  }

  private String styled(String text, Style style) {
    return ansi.enabled() ? style.on() + text + Style.reset.on() : text;
  }
}
