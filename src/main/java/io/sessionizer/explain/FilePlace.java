package io.sessionizer.explain;

import io.sessionizer.records.SourcePosition;
import java.nio.file.Path;

/** Formats where a record is in a file; files below the current folder without its name. */
final class FilePlace {
  private FilePlace() {}

  /** Formats the place of a record that is retained. */
  interface PlaceText {
    String get();
  }

  /** For example {@code visits.jsonl line 3, byte 57}. */
  static String line(SourcePosition position, long number) {
    return "%s line %s, byte %s".formatted(file(position), number, position.offset());
  }

  /** For example {@code sessions-00000-of-00001.parquet row 7}. */
  static String row(SourcePosition position) {
    return "%s row %s".formatted(file(position), position.offset());
  }

  private static String file(SourcePosition position) {
    Path file = Path.of(position.topic());
    Path current = Path.of("").toAbsolutePath();
    return file.startsWith(current) ? current.relativize(file).toString() : position.topic();
  }
}
