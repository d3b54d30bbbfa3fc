package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** The log of this JVM until it is closed. */
public final class CapturedLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CapturedLog() {}

  /** Starts to capture. */
  public static CapturedLog start() {
    CapturedLog log = new CapturedLog();
    System.setErr(new PrintStream(log.bytes, true, UTF_8));
    return log;
  }

  /** The warnings of a class, without their time. */
  public List<String> warnings(Class<?> of) {
    String prefix = "WARN " + of.getSimpleName() + " - ";
    return bytes
        .toString(UTF_8)
        .lines()
        .filter(line -> line.contains(prefix))
        .map(line -> line.substring(line.indexOf(prefix) + prefix.length()))
        .toList();
  }

  @Override
  public void close() {
    System.setErr(before);
    before.print(bytes.toString(UTF_8));
  }
}
