package io.sessionizer.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The last line of a terminal, rewritten in place below the output of the process, log lines
 * included. Without a terminal nothing is shown. The line is erased when it is closed, and when the
 * JVM exits.
 */
final class StatusLine implements AutoCloseable {
  /** Free columns for {@code ^C}, which a terminal prints behind the line, so that it fits. */
  private static final int ECHO_COLUMNS = 3;

  private static final String ERASE = "\r\u001B[K";

  /** Cuts a line that is wider than the terminal, which may have been narrowed. */
  private static final String DO_NOT_WRAP = "\u001B[?7l";

  private static final String WRAP = "\u001B[?7h";

  private final PrintStream terminal;
  private final Runnable onClose;
  private String text = "";
  private boolean shown;
  private boolean printing;
  private boolean closed;

  /**
   * Creates a line.
   *
   * @param terminal shows the line
   * @param onClose runs once when the line is closed
   */
  StatusLine(PrintStream terminal, Runnable onClose) {
    this.terminal = terminal;
    this.onClose = onClose;
  }

  /**
   * Opens the line of this process on standard error, if that is a terminal. Until it is closed,
   * {@link System#out} and {@link System#err} print above it.
   */
  static StatusLine open() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    if (!Terminal.STDERR.canRewriteLine()) {
      return none();
    }
    StatusLine line =
        new StatusLine(
            err,
            () -> {
              System.setOut(out);
              System.setErr(err);
            });
    System.setErr(line.above(err));
    if (Terminal.STDOUT.isTerminal()) {
      System.setOut(line.above(out));
    }
    // A signal may stop a command before it closes the line.
    Runtime.getRuntime().addShutdownHook(new Thread(line::close, "erase-status"));
    return line;
  }

  /** Returns a line that is not shown. */
  static StatusLine none() {
    StatusLine none = new StatusLine(System.err, () -> {});
    none.close();
    return none;
  }

  /**
   * Returns the builder of a progress bar on this line.
   *
   * @param total the count of finished work
   */
  ProgressBarBuilder bar(String task, long total) {
    // Not the library's own output to terminals, which replaces the JVM's signal handlers.
    return ProgressBar.builder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(
            new DelegatingProgressBarConsumer(this::show, Terminal.columns() - ECHO_COLUMNS));
  }

  /** Shows {@code status} as the line. */
  synchronized void show(String status) {
    if (!closed && !status.equals(text)) {
      erase();
      text = status;
      draw();
    }
  }

  /** Returns a stream that prints to {@code target}, on the same terminal, above the line. */
  PrintStream above(PrintStream target) {
    OutputStream printed =
        new OutputStream() {
          @Override
          public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            printAbove(target, bytes, from, count);
          }

          @Override
          public void flush() {
            target.flush();
          }
        };
    return new PrintStream(printed, true, StandardCharsets.UTF_8);
  }

  /** Prints above the line, which reappears once the printed line is complete. */
  private synchronized void printAbove(PrintStream target, byte[] bytes, int from, int count) {
    if (count == 0) {
      return;
    }
    erase();
    target.write(bytes, from, count);
    target.flush();
    printing = bytes[from + count - 1] != '\n';
    draw();
  }

  private void erase() {
    if (shown) {
      terminal.print(ERASE);
      terminal.flush();
      shown = false;
    }
  }

  private void draw() {
    if (!closed && !printing && !text.isEmpty()) {
      terminal.print(DO_NOT_WRAP + text + WRAP);
      terminal.flush();
      shown = true;
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      erase();
      closed = true;
      onClose.run();
    }
  }
}
