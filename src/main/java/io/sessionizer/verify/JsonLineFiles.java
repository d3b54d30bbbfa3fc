package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.lines.Compression;
import io.sessionizer.lines.LineReader;
import io.sessionizer.records.ExactJson;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecordJson;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of lines, a record on each, as a job on files reads and writes them. A position is a file
 * and the byte offset of the line in its text.
 */
public final class JsonLineFiles implements RecordSource {
  /** Sessions and dead letters are as long as they are. */
  private static final int LONGEST_LINE = 1 << 30;

  private static final TopicRecord MALFORMED = new TopicRecord(null, null, List.of());

  private final String name;
  private final List<String> files;
  private final Map<String, Integer> parts = new HashMap<>();
  private final int maxLineBytes;
  private final Contents contents;

  /** Makes a record of a line. */
  private interface Contents {
    TopicRecord of(byte[] line);
  }

  private JsonLineFiles(String name, List<Path> files, int maxLineBytes, Contents contents) {
    this.name = name;
    this.files =
        files.stream()
            .map(file -> file.toAbsolutePath().normalize().toString()) // as a job names them
            .distinct()
            .sorted()
            .toList();
    this.files.forEach(file -> parts.put(file, parts.size()));
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
    return new JsonLineFiles(
        name, files, maxRecordBytes + 1, line -> new TopicRecord(null, line, List.of()));
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
    try {
      return TopicRecordJson.read(ExactJson.tree(new String(line, UTF_8))).orElse(MALFORMED);
    } catch (JsonProcessingException e) {
      return MALFORMED;
    }
  }

  /** Returns a record as it is read again after it was written to a file as JSON. */
  static TopicRecord asWritten(TopicRecord record) {
    ObjectNode json = TopicRecordJson.empty();
    TopicRecordJson.addTo(json, record);
    return TopicRecordJson.read(json).orElse(MALFORMED);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    try {
      long bytes = 0;
      for (String file : files) {
        bytes += Files.size(Path.of(file));
      }
      return bytes / 200; // about the bytes of a visit
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isComplete() {
    return true;
  }

  @Override
  public boolean hasKeys() {
    return false;
  }

  @Override
  public Coverage coverage(SourcePosition position) {
    return position.isInFile() && parts.containsKey(position.topic())
        ? Coverage.WITHIN
        : Coverage.ELSEWHERE;
  }

  @Override
  public int part(SourcePosition position) {
    return parts.getOrDefault(position.topic(), -1);
  }

  @Override
  public boolean isTruncated(int part) {
    return false;
  }

  @Override
  public SourcePosition position(int part, long offset) {
    return new SourcePosition(files.get(part), SourcePosition.IN_FILE, offset);
  }

  @Override
  public String describe(SourcePosition position) {
    return position.topic() + " byte " + position.offset();
  }

  @Override
  public void read(EachRecord each) throws IOException {
    for (int part = 0; part < files.size(); part++) {
      String file = files.get(part);
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        LineReader lines = new LineReader(Compression.textOf(in), 0, maxLineBytes);
        while (lines.next()) {
          byte[] line = Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
          each.accept(
              new SourceRecord(position(part, lines.position()), 0, false, contents.of(line)));
        }
      } catch (EOFException e) {
        throw new IOException("cannot read %s: the archive is truncated".formatted(file), e);
      }
    }
  }

  @Override
  public void close() {}
}
