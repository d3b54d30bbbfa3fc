package io.sessionizer.config;

import java.util.regex.Pattern;

/** A word of a command in a message, as a shell reads it. */
public final class ShellWord {
  /** Texts that a shell reads as they are. */
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private ShellWord() {}

  /** Returns a word in quotation marks, if it needs them. */
  public static String of(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
