package io.sessionizer.formats;

import java.util.Objects;

/**
 * A text that is not what it should be. The message says where and what was expected, and is
 * written to follow the text.
 */
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  SyntaxException(String message) {
    super(message);
  }

  /** Says that at a position of a text, from 0, something else was expected. */
  static SyntaxException at(String text, int position, String expected) {
    String found =
        position < text.length()
            ? "found " + quoted(text.codePointAt(position))
            : "but the text ends";
    return new SyntaxException(
        "at character %s: expected %s, %s".formatted(position + 1, expected, found));
  }

  private static String quoted(int character) {
    return character < ' ' ? "a control character" : "'" + Character.toString(character) + "'";
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "set by the constructor");
  }
}
