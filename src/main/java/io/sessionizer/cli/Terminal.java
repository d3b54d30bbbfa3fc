package io.sessionizer.cli;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * An output that may be a terminal. Java 17 cannot detect that for one output alone, so the
 * launcher does: the system property {@code sessionizer.terminals} is {@code stdout}, {@code
 * stderr} or both, and {@code sessionizer.columns} is the terminal's width.
 */
enum Terminal {
  STDOUT,
  STDERR;

  private static final int DEFAULT_COLUMNS = 80;

  boolean isTerminal() {
    return Arrays.asList(System.getProperty("sessionizer.terminals", "").split(","))
        .contains(name().toLowerCase(Locale.ROOT));
  }

  /** Returns whether it is a terminal that can erase what it shows. */
  boolean canRewriteLine() {
    return isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }

  /** Returns the terminal's width when the launcher started; 80 if that is unknown. */
  static int columns() {
    int columns = Integer.getInteger("sessionizer.columns", 0);
    return columns > 1 ? columns : DEFAULT_COLUMNS;
  }

  /** Returns colours for a terminal, unless the user disables them, for example by NO_COLOR. */
  Ansi ansi() {
    return isTerminal() ? Ansi.AUTO : Ansi.OFF;
  }
}
