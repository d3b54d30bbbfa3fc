package io.sessionizer.files;

import java.io.IOException;
import java.io.InputStream;

/**
 * A position in a file for people: {@code visits.jsonl line 3, byte 57}. A reader of a part of a
 * file does not know the number of a line, so the lines before it are counted.
 */
public final class LinePosition {
  /** How much text is read to count lines. */
  private static final long MOST_BYTES = 256 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private LinePosition() {}

  /**
   * Formats a position.
   *
   * @param compact {@code visits.jsonl@57}
   */
  public static String of(String compact) {
    int at = compact.lastIndexOf('@');
    String file = compact.substring(0, at);
    String byteInText = compact.substring(at + 1);
    if (file.equals(InputFile.STANDARD_INPUT)) {
      return "standard input, byte " + byteInText;
    }
    long line = line(file, Long.parseLong(byteInText));
    return file + (line > 0 ? " line " + line : "") + ", byte " + byteInText;
  }

  /** Returns the number of the line that starts at a byte, from 1; 0 if it is not counted. */
  private static long line(String name, long position) {
    if (position > MOST_BYTES) {
      return 0;
    }
    try (InputStream text = InputFile.of(name, 0).text(0)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long line = 1;
      for (long left = position; left > 0; ) {
        int read = text.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
        if (read == 0) {
          return 0;
        }
        for (int i = 0; i < read; i++) {
          line += buffer[i] == '\n' ? 1 : 0;
        }
        left -= read;
      }
      return line;
    } catch (IOException e) {
      return 0; // such as a pipe, or a file that was deleted meanwhile
    }
  }
}
