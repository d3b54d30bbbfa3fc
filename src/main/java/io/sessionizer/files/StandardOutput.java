package io.sessionizer.files;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** The standard output of this process, which the steps of a job share. */
public final class StandardOutput {
  private static final Object LOCK = new Object();
  private static volatile boolean isClosed;

  private StandardOutput() {}

  /** Whether the program behind a pipe has closed it, as {@code head} does. */
  public static boolean isClosed() {
    return isClosed;
  }

  /** Writes whole lines. */
  static void write(byte[] lines, int length) throws IOException {
    synchronized (LOCK) {
      // Not System.out, which hides a full disk or a closed pipe. It stays open.
      @SuppressWarnings("resource")
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      try {
        out.write(lines, 0, length);
      } catch (IOException e) {
        isClosed |= String.valueOf(e.getMessage()).endsWith(" pipe"); // EPIPE
        throw new IOException("cannot write to the standard output: " + e.getMessage(), e);
      }
    }
  }
}
