package io.sessionizer.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Flags as they are given, before Beam reads them.
 *
 * @param args each {@code --name=value}, or {@code --name} for a switch
 */
public record GivenFlags(List<String> args) {
  /** Copies them. */
  public GivenFlags {
    args = List.copyOf(args);
  }

  /**
   * Adds to a command line the flags of the file that it names, if it names one that can be read.
   */
  public static GivenFlags withFile(List<String> args) {
    return new GivenFlags(ConfigFile.namedIn(args, new ArrayList<>()).flagsUnder(args));
  }

  /** Returns the value of a flag, the first if there are several. */
  public String value(String name, String otherwise) {
    return args.stream()
        .filter(arg -> arg.startsWith(name + "="))
        .map(arg -> arg.substring(name.length() + 1))
        .findFirst()
        .orElse(otherwise);
  }

  /** Returns all values of a flag that takes a list, which are separated by commas. */
  public List<String> values(String name) {
    return args.stream()
        .filter(arg -> arg.startsWith(name + "="))
        .flatMap(arg -> Arrays.stream(arg.substring(name.length() + 1).split(",", -1)))
        .toList();
  }

  /** Whether a switch is on: Beam takes its name alone for true. */
  public boolean isOn(String name) {
    return args.contains(name) || value(name, "false").equals("true");
  }

  /** Returns those of {@code flags}, each {@code --name=value}, that are not given. */
  public List<String> missing(List<String> flags) {
    return flags.stream()
        .filter(flag -> args.stream().noneMatch(arg -> name(arg).equals(name(flag))))
        .toList();
  }

  /** Returns the name of a flag, with its dashes. */
  public static String name(String flag) {
    return flag.split("=", 2)[0];
  }
}
