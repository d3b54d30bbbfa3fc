package io.sessionizer.config;

import java.util.Locale;

/** A number of things, as text. */
public final class CountedNoun {
  private CountedNoun() {}

  /** Returns a count with its noun: {@code 1 visit}, {@code 1,000 visits}. */
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s", count, noun(count, noun));
  }

  /** Returns the same with plain digits, for a log: {@code 1000 visits}. */
  public static String inLog(long count, String noun) {
    return count + " " + noun(count, noun);
  }

  private static String noun(long count, String noun) {
    return count == 1 ? noun : noun + "s";
  }
}
