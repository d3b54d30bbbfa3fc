package io.sessionizer.cli;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * Whether an output is a terminal. Java 17 cannot tell for one output alone, so the launcher does,
 * in the system property {@code sessionizer.terminals}: {@code stdout}, {@code stderr} or both; and
 * how wide it is in {@code sessionizer.columns}.
 */
enum Terminal {
  STDOUT,
  STDERR;

  private static final int USUAL_COLUMNS = 80;

  boolean isTerminal() {
    return Arrays.asList(System.getProperty("sessionizer.terminals", "").split(","))
        .contains(name().toLowerCase(Locale.ROOT));
  }

  /** Returns whether it is a terminal that can erase what it shows. */
  boolean canRewriteLine() {
    return isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }

  /** How wide the terminal was when the launcher looked; 80 if it does not know. */
  static int columns() {
    int columns = Integer.getInteger("sessionizer.columns", 0);
    return columns > 1 ? columns : USUAL_COLUMNS;
  }

  /** Colours, if it is a terminal and the user has not asked for none, for example by NO_COLOR. */
  Ansi ansi() {
    return isTerminal() ? Ansi.AUTO : Ansi.OFF;
  }
}
