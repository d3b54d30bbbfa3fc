package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.lines.FileLines;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecordJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Files of lines, a record on each, as a job on files reads and writes them. A position is a file
 * and the byte offset of the line in its text.
 */
public final class JsonLineFiles extends FilesSource {
  /** Sessions and dead letters are as long as they are. */
  private static final int LONGEST_LINE = 1 << 30;

  private static final TopicRecord MALFORMED = new TopicRecord(null, null, List.of());

  private final int maxLineBytes;
  private final Contents contents;

  /** Makes a record of a line. */
  private interface Contents {
    TopicRecord of(byte[] line);
  }

  private JsonLineFiles(String name, List<Path> files, int maxLineBytes, Contents contents) {
    super(name, files);
    this.maxLineBytes = maxLineBytes;
    this.contents = contents;
  }

  /**
   * Files of visits.
   *
   * @param maxRecordBytes the largest record; of a longer line only a byte more is read
   */
  public static JsonLineFiles ofVisits(List<Path> files, int maxRecordBytes) {
    String name =
        files.size() == 1
            ? String.valueOf(files.get(0).getFileName())
            : Verdict.count(files.size(), "file");
    return new JsonLineFiles(name, files, maxRecordBytes + 1, JsonLineFiles::value);
  }

  /** Files of visits of open sessions, which a job has written. */
  public static JsonLineFiles ofOpenVisits(List<Path> files) {
    return new JsonLineFiles("open-visits-*.jsonl", files, LONGEST_LINE, JsonLineFiles::value);
  }

  /** Files of sessions. */
  public static JsonLineFiles ofSessions(List<Path> files) {
    return new JsonLineFiles(
        "sessions-*.jsonl",
        files,
        LONGEST_LINE,
        line -> new TopicRecord(key(line), line, List.of()));
  }

  /** Files of dead letters. */
  public static JsonLineFiles ofDeadLetters(List<Path> files) {
    return new JsonLineFiles("dead-letters-*.jsonl", files, LONGEST_LINE, JsonLineFiles::record);
  }

  private static TopicRecord value(byte[] line) {
    return new TopicRecord(null, line, List.of());
  }

  /** Sessions in files have no keys: they are known by visit id and start. */
  private static byte[] key(byte[] line) {
    try {
      Session session = SessionJson.read(line, 0);
      return session.id().toString().getBytes(UTF_8);
    } catch (MalformedRecordException e) {
      return new byte[0];
    }
  }

  private static TopicRecord record(byte[] line) {
    return TopicRecordJson.read(line).orElse(MALFORMED);
  }

  /** Returns a record as it is read again after it was written to a file as JSON. */
  static TopicRecord asWritten(TopicRecord record) {
    ObjectNode json = TopicRecordJson.empty();
    TopicRecordJson.addTo(json, record);
    return TopicRecordJson.read(json).orElse(MALFORMED);
  }

  @Override
  public long size() {
    try {
      long bytes = 0;
      for (Path file : files()) {
        bytes += Files.size(file);
      }
      return bytes / 200; // about the bytes of a visit
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasKeys(int part) {
    return false;
  }

  @Override
  public String describe(SourcePosition position) {
    return position.topic() + " byte " + position.offset();
  }

  @Override
  void read(Path file, int part, EachRecord each) throws IOException {
    FileLines.read(
        file,
        maxLineBytes,
        line ->
            each.accept(
                new SourceRecord(
                    position(part, line.position()),
                    0,
                    false,
                    contents.of(Arrays.copyOfRange(line.bytes(), line.from(), line.to())))));
  }
}
