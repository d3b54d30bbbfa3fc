package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(bytes, true, UTF_8);
  private final StatusLine line = new StatusLine(terminal, () -> {});
  private final PrintStream log = line.above(terminal);

  @Test
  void printsAboveStatusLine() {
    line.show("1 of 2");
    log.println("é");
    line.show("2 of 2");
    assertEquals("[1 of 2]<é\n[1 of 2]<[2 of 2]", shown());
  }

  @Test
  void waitsForEndOfPrintedLine() {
    line.show("1 of 2");
    log.print("half ");
    line.show("2 of 2");
    log.print("a line\n");
    assertEquals("[1 of 2]<half a line\n[2 of 2]", shown());
  }

  @Test
  void writesSameStatusOnce() {
    line.show("1 of 2");
    line.show("1 of 2");
    assertEquals("[1 of 2]", shown());
  }

  @Test
  void closingErasesStatusLine() {
    line.show("1 of 2");
    line.close();
    line.show("2 of 2");
    log.println("later");
    assertEquals("[1 of 2]<later\n", shown());
  }

  /** Returns the output, with brackets around the line and {@code <} for its erasure. */
  private String shown() {
    return bytes
        .toString(UTF_8)
        .replace("\u001B[?7l", "[")
        .replace("\u001B[?7h", "]")
        .replace("\r\u001B[K", "<")
        .replace(System.lineSeparator(), "\n");
  }
}
