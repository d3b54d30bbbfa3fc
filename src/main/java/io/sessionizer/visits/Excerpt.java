package io.sessionizer.visits;

/** The beginning of a text, in quotes, for a message. */
final class Excerpt {
  private static final int MAX_CHARACTERS = 80;

  private Excerpt() {}

  static String of(String text) {
    if (text.length() <= MAX_CHARACTERS) {
      return '"' + text + '"';
    }
    // Never half of a surrogate pair: headers are UTF-8.
    int end = text.offsetByCodePoints(0, text.codePointCount(0, MAX_CHARACTERS) - 1);
    return '"' + text.substring(0, end) + "...\" (" + text.length() + " characters)";
  }
}
