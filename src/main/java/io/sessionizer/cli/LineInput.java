package io.sessionizer.cli;

import io.sessionizer.config.NotReadyException;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The lines of a file or of the standard input, as bytes without the line feed, or carriage return
 * and line feed, at their end. Any thread may close it, also while a line is read: that was the
 * last one.
 */
final class LineInput implements AutoCloseable {
  /** The name of the standard input. */
  static final String STANDARD_INPUT = "-";

  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel channel;
  private final String name;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

  private LineInput(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  /**
   * Opens a file, or the standard input if {@code file} is {@link #STANDARD_INPUT}.
   *
   * @throws NotReadyException if it cannot be read
   */
  static LineInput open(String file) throws NotReadyException {
    if (file.equals(STANDARD_INPUT)) {
      // Not System.in: a channel can be closed while another thread waits for its next byte.
      return new LineInput(
          new FileInputStream(FileDescriptor.in).getChannel(), "the standard input");
    }
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new NotReadyException(problem(file, "it is a directory"));
      }
      return new LineInput(FileChannel.open(path), file);
    } catch (NoSuchFileException e) {
      throw new NotReadyException(problem(file, "no such file"));
    } catch (AccessDeniedException e) {
      throw new NotReadyException(problem(file, "permission denied"));
    } catch (IOException | InvalidPathException e) {
      throw new NotReadyException(problem(file, e.getMessage()));
    }
  }

  private static String problem(String file, @Nullable String reason) {
    return "cannot read %s (%s): name another file with --input".formatted(file, reason);
  }

  /**
   * Returns the next line, null after the last one. A line feed at the end of the file does not
   * start another line.
   *
   * @throws IOException if it cannot be read
   */
  byte @Nullable [] next() throws IOException {
    var line = new ByteArrayOutputStream();
    while (buffer.hasRemaining() || fill()) {
      int start = buffer.position();
      int end = start;
      while (end < buffer.limit() && buffer.get(end) != '\n') {
        end++;
      }
      line.write(buffer.array(), start, end - start);
      if (end < buffer.limit()) {
        buffer.position(end + 1);
        return withoutCarriageReturn(line.toByteArray());
      }
      buffer.position(end);
    }
    return line.size() == 0 || !channel.isOpen() ? null : line.toByteArray();
  }

  private boolean fill() throws IOException {
    try {
      buffer.clear();
      boolean isFilled = channel.read(buffer) > 0;
      buffer.flip();
      return isFilled;
    } catch (ClosedChannelException e) {
      buffer.limit(0);
      return false;
    } catch (IOException e) {
      throw new IOException("cannot read %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static byte[] withoutCarriageReturn(byte[] line) {
    int last = line.length - 1;
    return last >= 0 && line[last] == '\r' ? Arrays.copyOf(line, last) : line;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + name, e);
    }
  }
}
