package io.sessionizer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the command line says of itself. */
public final class CommandLines {
  private static final Pattern FLAG = Pattern.compile("(?<!\\S)--[\\w-]+");

  private CommandLines() {}

  /** Returns what a command prints with {@code --help}. */
  public static String help(String command) {
    StringWriter out = new StringWriter();
    Sessionizer.commandLine().setOut(new PrintWriter(out, true)).execute(command, "--help");
    return out.toString();
  }

  /** Returns the flags that the help of any command names. */
  public static Set<String> flags() {
    Set<String> flags = new TreeSet<>();
    Sessionizer.commandLine().getSubcommands().keySet().forEach(c -> flags.addAll(flags(c)));
    return flags;
  }

  /** Returns the flags that the help of a command names. */
  static Set<String> flags(String command) {
    Set<String> flags = new TreeSet<>();
    Matcher flag = FLAG.matcher(help(command));
    while (flag.find()) {
      flags.add(flag.group());
    }
    return flags;
  }
}
