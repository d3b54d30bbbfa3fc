package io.sessionizer.cli;

import java.util.Locale;

/** CountedNoun of things, as text. */
final class CountedNoun {
  private CountedNoun() {}

  /** Returns a count with its noun: {@code 1 visit}, {@code 1,000 visits}. */
  static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
