package io.sessionizer.config;

import java.util.List;

/** Invalid flags: every problem at once, one sentence each. */
public final class BadFlagsException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // a copy that is serializable; a warning of JDK 21 and newer
  private final List<String> problems;

  /** Reports {@code problems}. */
  public BadFlagsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems, one sentence each. */
  public List<String> problems() {
    return problems;
  }
}
