package io.sessionizer.files;

import io.sessionizer.lines.LineReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a file that start in a range of its text.
 *
 * @param file has them
 * @param from the first byte of the range
 * @param to the byte behind the range
 */
record LineRange(InputFile file, long from, long to) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Returns all lines of a file, in ranges if its text can be read from any byte on. */
  static List<LineRange> of(InputFile file, long bytes) {
    if (!file.isSplittable()) {
      return List.of(new LineRange(file, 0, Long.MAX_VALUE));
    }
    List<LineRange> ranges = new ArrayList<>();
    for (long from = 0; from < file.bytes(); from += bytes) {
      ranges.add(new LineRange(file, from, Math.min(from + bytes, file.bytes())));
    }
    return ranges;
  }

  /** How many bytes of the file are in it. */
  long bytes() {
    return file.isSplittable() ? to - from : file.bytes();
  }

  /** Opens a reader, whose lines are those from the range on. */
  LineReader open(int maxLineBytes) throws IOException {
    if (from == 0) {
      return new LineReader(file.text(0), 0, maxLineBytes);
    }
    LineReader lines = new LineReader(file.text(from - 1), from - 1, maxLineBytes);
    try {
      lines.skipLine();
    } catch (IOException e) {
      lines.close();
      throw e;
    }
    return lines;
  }
}
