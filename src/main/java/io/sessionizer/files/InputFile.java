package io.sessionizer.files;

import io.sessionizer.lines.Compression;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.io.FileSystems;

/**
 * A file with visits, or the standard input.
 *
 * @param name its path or address; {@link #STANDARD_INPUT} for that
 * @param bytes its size
 * @param isSplittable whether its text can be read from any byte on
 */
record InputFile(String name, long bytes, boolean isSplittable) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The name of the standard input, as on a command line. */
  static final String STANDARD_INPUT = "-";

  /** Returns a file, whose first bytes are read, unless it is a pipe, which has them once. */
  static InputFile of(String name, long bytes) throws IOException {
    if (isPipe(name)) {
      return new InputFile(name, 0, false);
    }
    try (InputStream file = open(name, 0)) {
      byte[] magic = file.readNBytes(Compression.MAGIC_BYTES);
      return new InputFile(name, bytes, Compression.of(magic) == Compression.NONE && canSeek(name));
    }
  }

  private static boolean isPipe(String name) {
    Path path = Path.of(name);
    return Files.exists(path) && !Files.isRegularFile(path);
  }

  private static boolean canSeek(String name) throws IOException {
    try (ReadableByteChannel channel = channel(name)) {
      return channel instanceof SeekableByteChannel;
    }
  }

  /** Opens the text from a byte on, uncompressed. */
  InputStream text(long from) throws IOException {
    InputStream counted = InputProgress.counting(open(name, from));
    if (isSplittable) {
      return counted;
    }
    return Compression.textOf(counted);
  }

  private static InputStream open(String name, long from) throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      // A job that is cancelled interrupts its reader, which only a channel notices.
      return Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel());
    }
    ReadableByteChannel channel = channel(name);
    if (from > 0) {
      ((SeekableByteChannel) channel).position(from);
    }
    return Channels.newInputStream(channel);
  }

  private static ReadableByteChannel channel(String name) throws IOException {
    return FileSystems.open(FileSystems.matchNewResource(name, false));
  }
}
