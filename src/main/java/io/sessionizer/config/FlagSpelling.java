package io.sessionizer.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The spelling of flags: {@code --sessionGap=16m}, as in Beam. Every command also accepts {@code
 * --session-gap=16m}, {@code --sessionGap 16m} and {@code --session-gap 16m}.
 */
public final class FlagSpelling {
  /** Ends the flags: each word behind it is a value, whatever it looks like. */
  private static final String END_OF_FLAGS = "--";

  private static final String DASHES = "--";
  private static final Pattern HYPHENATED =
      Pattern.compile("(--[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(=.*)?", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("-([a-z0-9])");

  private FlagSpelling() {}

  /**
   * Returns a command line with each flag as one word, {@code --name=value} or {@code --name}, its
   * name in camelCase. A flag without {@code =} uses the next word as its value, unless that starts
   * with two dashes. Other words are unchanged.
   *
   * @param isSwitch whether a flag, {@code --name}, needs no value; it never uses the next word
   */
  public static List<String> normalized(List<String> args, Predicate<String> isSwitch) {
    List<String> words = new ArrayList<>();
    for (int next = 0; next < args.size(); next++) {
      String word = camelCase(args.get(next));
      if (word.equals(END_OF_FLAGS)) {
        words.addAll(args.subList(next, args.size()));
        break;
      }
      boolean usesNext =
          word.startsWith(DASHES)
              && word.indexOf('=') < 0
              && next + 1 < args.size()
              && !args.get(next + 1).startsWith(DASHES)
              && !isSwitch.test(word);
      words.add(usesNext ? word + "=" + args.get(++next) : word);
    }
    return words;
  }

  /**
   * Returns a problem that begins with a flag, with the flag as it was typed.
   *
   * @param typed the command line before {@link #normalized}
   */
  public static String asTyped(String problem, List<String> typed) {
    for (String word : typed) {
      String name = word.split("=", 2)[0];
      String read = camelCase(name);
      if (!read.equals(name) && problem.startsWith(read + ":")) {
        return name + problem.substring(read.length());
      }
    }
    return problem;
  }

  /** Returns an argument with the name of its flag in camelCase. */
  static String camelCase(String arg) {
    var flag = HYPHENATED.matcher(arg);
    if (!flag.matches()) {
      return arg;
    }
    String value = flag.group(2) == null ? "" : flag.group(2);
    String name = flag.group(1).substring(DASHES.length());
    return DASHES + WORD.matcher(name).replaceAll(FlagSpelling::upperCase) + value;
  }

  private static String upperCase(MatchResult word) {
    return word.group(1).toUpperCase(Locale.ROOT);
  }
}
