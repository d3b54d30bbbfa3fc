package io.sessionizer.cli;

import java.io.PrintStream;

/**
 * The last line of a terminal, rewritten again and again below what is printed. Without a terminal
 * there is no such line, and only the prints remain.
 */
final class StatusLine implements AutoCloseable {
  private static final String ERASE = "\r\u001B[K";

  private final PrintStream terminal;
  private final boolean shown;
  private String line = "";

  /** Uses {@code terminal} for the line if it is one. */
  StatusLine(PrintStream terminal, boolean isTerminal) {
    this.terminal = terminal;
    this.shown = isTerminal;
  }

  /** Shows {@code text} as the line. */
  synchronized void show(String text) {
    if (shown && !text.equals(line)) {
      terminal.print(ERASE + text);
      terminal.flush();
      line = text;
    }
  }

  /** Prints a line above, to an output that may or may not be the same terminal. */
  synchronized void printAbove(PrintStream out, String text) {
    if (shown) {
      terminal.print(ERASE);
      terminal.flush();
    }
    out.println(text);
    out.flush();
    if (shown) {
      terminal.print(line);
      terminal.flush();
    }
  }

  @Override
  public synchronized void close() {
    show("");
  }
}
