package io.sessionizer.generator;

import io.sessionizer.config.NotReadyException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes the values of records to a file, one per line, malformed ones included. */
public final class JsonLinesSink implements VisitSink {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream lines;
  private final String name;
  private final boolean closeable;

  private JsonLinesSink(OutputStream lines, String name, boolean closeable) {
    this.lines = new BufferedOutputStream(lines, BUFFER_BYTES);
    this.name = name;
    this.closeable = closeable;
  }

  /**
   * Opens a file and truncates it.
   *
   * @throws NotReadyException if it cannot be written
   */
  public static JsonLinesSink toFile(String file) throws NotReadyException {
    try {
      return new JsonLinesSink(Files.newOutputStream(Path.of(file)), file, true);
    } catch (IOException | InvalidPathException e) {
      throw new NotReadyException(
          "cannot write to %s (%s): name another file with --output".formatted(file, reason(e)));
    }
  }

  /** Opens the standard output, which stays open. */
  public static JsonLinesSink toStandardOutput() {
    // Not System.out, which hides a full disk or a closed pipe.
    return new JsonLinesSink(
        new FileOutputStream(FileDescriptor.out), "the standard output", false);
  }

  @Override
  public void write(GeneratedVisit visit) throws IOException {
    try {
      lines.write(visit.value());
      lines.write('\n');
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      lines.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (closeable) {
      lines.close();
    }
  }

  private IOException failure(IOException cause) {
    return new IOException("cannot write to %s: %s".formatted(name, cause.getMessage()), cause);
  }

  /** Returns the reason of a failure, which in exceptions of the file system is their type. */
  private static @Nullable String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "its directory does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : e.getMessage();
  }
}
