package io.sessionizer.cli;

import java.util.Arrays;
import java.util.Locale;

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
}
