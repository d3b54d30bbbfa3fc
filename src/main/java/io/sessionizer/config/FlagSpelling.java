package io.sessionizer.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The spelling of flags: camelCase, as in Beam. Every command also accepts every flag in the
 * hyphenated spelling, {@code --session-gap}.
 */
public final class FlagSpelling {
  private static final String DASHES = "--";
  private static final Pattern HYPHENATED =
      Pattern.compile("(--[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(=.*)?", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("-([a-z0-9])");

  private FlagSpelling() {}

  /** Returns the arguments with flag names in camelCase, and values unchanged. */
  public static String[] camelCase(String... args) {
    return Arrays.stream(args).map(FlagSpelling::camelCase).toArray(String[]::new);
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
