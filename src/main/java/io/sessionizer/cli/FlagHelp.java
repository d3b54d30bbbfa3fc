package io.sessionizer.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The help of one flag.
 *
 * @param name with its dashes
 * @param label a placeholder for the value; empty for a switch, in brackets for a value that may be
 *     left out
 * @param text sentences without a full stop at the end; the first one fits a line
 * @param byDefault the value of a flag that is not given; empty if it has none
 */
record FlagHelp(String name, String label, String text, String byDefault) {
  /** The placeholder of a duration, which the help explains. */
  static final String DURATION = "DURATION";

  private static final Pattern DEFAULT = Pattern.compile("(?s)(.*) \\[([^\\]]*)\\]");

  /** Returns the help of a flag of picocli's, whose description ends with the default. */
  static FlagHelp of(OptionSpec option) {
    String label = option.arity().max() == 0 ? "" : option.paramLabel();
    return of(
        option.longestName(),
        option.arity().min() == 0 && !label.isEmpty() ? "[" + label + "]" : label,
        String.join(" ", option.description()));
  }

  /**
   * Returns the help of a flag.
   *
   * @param description the text, and the default behind it in brackets
   */
  static FlagHelp of(String name, String label, String description) {
    Matcher withDefault = DEFAULT.matcher(description);
    return withDefault.matches()
        ? new FlagHelp(name, label, withDefault.group(1), withDefault.group(2))
        : new FlagHelp(name, label, description, "");
  }

  /** Returns the flag as it is written: {@code --sessionGap=DURATION}. */
  String usage() {
    if (label.isEmpty()) {
      return name;
    }
    return label.startsWith("[") ? name + "[=" + label.substring(1) : name + "=" + label;
  }

  /** Returns the first sentence. */
  String summary() {
    return text.split("\\. ", 2)[0];
  }

  /** Returns text with the default behind it, as a command's help shows it. */
  String withDefault(String shown) {
    return byDefault.isEmpty() ? shown : shown + " [" + byDefault + "]";
  }
}
