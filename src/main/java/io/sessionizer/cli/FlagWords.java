package io.sessionizer.cli;

import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.RegisteredFlags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Rewrites the words of a command line, before picocli reads them, to one {@linkplain
 * FlagSpelling#normalized spelling}. Picocli itself would not know which of Beam's flags are
 * switches, and so would read the value of another one as a visit id.
 */
final class FlagWords implements IParameterPreprocessor {
  private final List<String> missingValues = new ArrayList<>();

  @Override
  public boolean preprocess(
      Stack<String> words, CommandSpec command, ArgSpec arg, Map<String, Object> info) {
    List<String> typed = new ArrayList<>(words);
    Collections.reverse(typed);
    List<String> normalized =
        FlagSpelling.normalized(typed, flag -> isSwitch(flag, command)).stream()
            .map(word -> withOptionalValue(word, command))
            .toList();
    int end = normalized.indexOf("--");
    List<String> flags = normalized.subList(0, end < 0 ? normalized.size() : end);
    words.clear();
    missingValues.clear();
    for (int i = normalized.size() - 1; i >= 0; i--) {
      String word = normalized.get(i);
      if (i < flags.size() && needsValue(word, command)) {
        missingValues.add(0, word + ": needs a value");
      } else {
        words.push(word);
      }
    }
    return false; // Picocli reads them.
  }

  /** Returns one problem for each flag of the command itself that lacks its value. */
  static List<String> missingValues(CommandSpec command) {
    return command.preprocessor() instanceof FlagWords words ? words.missingValues : List.of();
  }

  /** Picocli would read the next flag as the value, if it does not know that flag. */
  private static boolean needsValue(String word, CommandSpec command) {
    OptionSpec option = command.findOption(word);
    return option != null && option.arity().min() > 0;
  }

  private static boolean isSwitch(String flag, CommandSpec command) {
    OptionSpec option = command.findOption(flag);
    return option == null
        ? hasJobFlags(command) && RegisteredFlags.isSwitch(flag)
        : option.arity().min() == 0;
  }

  /** Picocli would read the next word as the value that a flag may have. */
  private static String withOptionalValue(String word, CommandSpec command) {
    OptionSpec option = command.findOption(word);
    return option == null || option.fallbackValue().isEmpty()
        ? word
        : word + "=" + option.fallbackValue();
  }

  /** Returns whether a command accepts the flags of the job. */
  static boolean hasJobFlags(CommandSpec command) {
    return !command.unmatchedArgsBindings().isEmpty();
  }
}
