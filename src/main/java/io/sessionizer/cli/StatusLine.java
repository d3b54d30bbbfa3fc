package io.sessionizer.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The last line of a terminal, rewritten again and again below what the process prints, log lines
 * included. Without a terminal there is no such line. It is erased when it is closed, and when the
 * JVM ends.
 */
final class StatusLine implements AutoCloseable {
  /** A terminal prints {@code ^C} behind the line, which must not wrap. */
  private static final int ROOM_FOR_ECHO = 3;

  private static final String ERASE = "\r\u001B[K";

  /** A line that is longer than the terminal is wide, since somebody narrowed it, is cut there. */
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
   * @param terminal where it is shown
   * @param onClose runs once when it is closed
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
      StatusLine none = new StatusLine(err, () -> {});
      none.close();
      return none;
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
    // For commands that a signal ends in the middle of their work.
    Runtime.getRuntime().addShutdownHook(new Thread(line::close, "erase-status"));
    return line;
  }

  /**
   * A progress bar on this line.
   *
   * @param total the count that is all of the work
   */
  ProgressBarBuilder bar(String task, long total) {
    // The library's own output to terminals takes the JVM's signal handlers away: it is not used.
    return ProgressBar.builder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(
            new DelegatingProgressBarConsumer(this::show, Terminal.columns() - ROOM_FOR_ECHO));
  }

  /** Shows {@code status} as the line. */
  synchronized void show(String status) {
    if (!closed && !status.equals(text)) {
      erase();
      text = status;
      draw();
    }
  }

  /**
   * A stream to {@code target}, which is on the same terminal: what it prints is above the line.
   */
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

  /** The line comes back when the line that is printed is complete. */
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
