package io.sessionizer.lines;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads all lines of a file of this machine that are not blank, compressed or not. */
public final class FileLines {
  private FileLines() {}

  /** Accepts a line, which is that of the reader. */
  public interface EachLine {
    void accept(LineReader line) throws IOException;
  }

  /**
   * Opens a file.
   *
   * @param maxLineBytes how many bytes of a line are kept at most
   */
  public static LineReader open(Path file, int maxLineBytes) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    try {
      return new LineReader(Compression.textOf(bytes), 0, maxLineBytes);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Reads a file.
   *
   * @param maxLineBytes how many bytes of a line are kept at most
   * @throws IOException if it cannot be read; the message names it
   */
  public static void read(Path file, int maxLineBytes, EachLine each) throws IOException {
    try (LineReader lines = open(file, maxLineBytes)) {
      while (lines.next()) {
        each.accept(lines);
      }
    } catch (EOFException e) {
      throw new IOException("cannot read %s: the archive is truncated".formatted(file), e);
    }
  }
}
