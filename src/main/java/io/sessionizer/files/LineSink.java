package io.sessionizer.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.beam.sdk.io.FileIO;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes elements to a file, one per line. */
final class LineSink<T> implements FileIO.Sink<T> {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_BYTES = 1 << 18;

  private final String folder;
  private final LineFormat<T> format;
  private transient @Nullable OutputStream lines;

  LineSink(String folder, LineFormat<T> format) {
    this.folder = folder;
    this.format = format;
  }

  @Override
  public void open(WritableByteChannel file) {
    lines = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES);
  }

  @Override
  public void write(T element) throws IOException {
    byte[] line = format.line(element);
    try {
      opened().write(line);
      opened().write('\n');
    } catch (IOException e) {
      throw new UnusableFileException("write to " + folder, e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      opened().flush();
    } catch (IOException e) {
      throw new UnusableFileException("write to " + folder, e);
    }
  }

  private OutputStream opened() {
    if (lines == null) {
      throw new IllegalStateException("the file is not open");
    }
    return lines;
  }
}
