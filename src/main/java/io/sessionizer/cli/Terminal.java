package io.sessionizer.cli;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * Whether an output is a terminal. Java 17 cannot tell for one output alone, so the launcher does,
 * in the system property {@code sessionizer.terminals}: {@code stdout}, {@code stderr} or both.
 */
enum Terminal {
  STDOUT,
  STDERR;

  boolean isTerminal() {
    return Arrays.asList(System.getProperty("sessionizer.terminals", "").split(","))
        .contains(name().toLowerCase(Locale.ROOT));
  }

  /** Colours, if it is a terminal and the user has not asked for none, for example by NO_COLOR. */
  Ansi ansi() {
    return isTerminal() ? Ansi.AUTO : Ansi.OFF;
  }
}
