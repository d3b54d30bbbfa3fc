package io.sessionizer.files;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The standard output of this process, which the steps of a job share. */
public final class StandardOutput implements LineDestination {
  private static final long serialVersionUID = 1L;

  private static final int FILE_TYPE = 0xF000;
  private static final int PIPE = 0x1000;
  private static final int SOCKET = 0xC000;

  private static final Object LOCK = new Object();
  private static volatile boolean isClosed;
  private static @Nullable Thread whenClosed;

  StandardOutput() {}

  /** Whether the program behind a pipe has closed it, as {@code head} does. */
  public static boolean isClosed() {
    return isClosed;
  }

  /** Runs {@code action}, in a thread of its own, when the program behind a pipe closes it. */
  public static void whenClosed(Runnable action) {
    // Made here, so that it is in no thread group of a runner that it stops.
    Thread thread = new Thread(action, "closed pipe");
    thread.setDaemon(true);
    synchronized (LOCK) {
      whenClosed = thread;
    }
  }

  /** Writes whole lines; nothing to a pipe that is closed. */
  @Override
  public void append(byte[] lines, int length) throws IOException {
    synchronized (LOCK) {
      if (isClosed) {
        return;
      }
      // Not System.out, which hides a full disk or a closed pipe. It stays open.
      @SuppressWarnings("resource")
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      try {
        out.write(lines, 0, length);
      } catch (IOException e) {
        if (!isPipe()) {
          throw new UnusableFileException("write to the standard output", e);
        }
        isClosed = true;
        if (whenClosed != null) {
          whenClosed.start();
        }
      }
    }
  }

  /** Nothing but a closed one keeps a pipe from being written; a disk may be full. */
  private static boolean isPipe() throws IOException {
    Object mode = Files.getAttribute(Path.of("/dev/stdout"), "unix:mode");
    int type = mode instanceof Integer bits ? bits & FILE_TYPE : 0;
    return type == PIPE || type == SOCKET;
  }
}
