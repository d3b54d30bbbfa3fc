package io.sessionizer.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exit of the process when memory runs out. Libraries log such an error in one of their
 * threads, or not even that, and other threads wait for that one forever.
 */
public final class OutOfMemory {
  /** Not 3, which HotSpot's own option ({@code ExitOnOutOfMemoryError}) uses. */
  public static final int EXIT_CODE = 5;

  /**
   * A pipe that Java writes to when memory runs out in any thread: the launcher creates it, and
   * passes {@code -XX:OnOutOfMemoryError}. No option of Java exits with another code than 3.
   */
  private static final String PIPE = "sessionizer.outOfMemory";

  private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);

  /** Allocated while there is memory. */
  private static final byte[] MESSAGE =
      ("sessionizer: out of memory: the heap may have %s MB. Give it more: -Xmx in"
              + " SESSIONIZER_JAVA_OPTS, on a Flink cluster taskmanager.memory.process.size%n")
          .formatted(Runtime.getRuntime().maxMemory() >> 20)
          .getBytes(StandardCharsets.UTF_8);

  private OutOfMemory() {}

  /** Exits from now on when memory runs out in any thread. */
  public static void endsProcess() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          endIfCauseOf(e);
          LOG.error("thread {} died", thread.getName(), e);
        });
    String pipe = System.getProperty(PIPE);
    if (pipe != null) {
      Thread thread = new Thread(() -> listen(pipe), "out-of-memory");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void listen(String pipe) {
    try (InputStream in = new FileInputStream(pipe)) {
      if (in.read() >= 0) {
        end();
      }
    } catch (IOException e) {
      LOG.debug("out of memory is noticed only where it is thrown", e);
    }
  }

  /** Exits if memory that ran out is the cause of a failure. */
  public static void endIfCauseOf(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof OutOfMemoryError) {
        end();
      }
    }
  }

  /** Exits without hooks, which need memory; the next start deletes what they would delete. */
  private static void end() {
    try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
      err.write(MESSAGE);
    } catch (IOException e) {
      // No reader is left.
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
