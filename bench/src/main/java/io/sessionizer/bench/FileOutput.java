package io.sessionizer.bench;

import io.sessionizer.lines.LineReader;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.SessionJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sessions that a contender has written to files, in any order, a line each. */
final class FileOutput {
  private static final int MAX_LINE_BYTES = 1 << 30;

  private FileOutput() {}

  /**
   * Reads the files of a folder.
   *
   * @return the {@linkplain Expected#digest digest} of each session, by its id
   * @throws IOException if they cannot be read, or a line is no session or one that was there
   *     before
   */
  static Map<String, byte[]> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(FileOutput::hasSessions).toList();
    }
    Map<String, byte[]> sessions = new HashMap<>();
    for (Path file : files) {
      try (LineReader lines = new LineReader(Files.newInputStream(file), 0, MAX_LINE_BYTES)) {
        while (lines.next()) {
          byte[] line = Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
          String id = SessionJson.read(line, 0).id().toString();
          if (sessions.put(id, Expected.digest(line)) != null) {
            throw new IOException("the session " + id + " was written twice");
          }
        }
      } catch (MalformedRecordException e) {
        throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
      }
    }
    return sessions;
  }

  /** The others are markers, check sums and dead letters. */
  private static boolean hasSessions(Path file) {
    return file.getFileName().toString().matches("(sessions|part)-.*\\.jsonl?");
  }
}
