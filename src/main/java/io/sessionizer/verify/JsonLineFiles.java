package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Files of JSON, a record on each line, plain or gzipped. A line ends with a line feed; blank lines
 * are no records. A position is a file and the byte offset of the line in its text.
 */
public final class JsonLineFiles implements RecordSource {
  private static final int GZIP = 0x1F8B;
  private static final int BUFFER_BYTES = 64 << 10;

  private final List<Path> files;
  private final int maxLineBytes;
  private final Contents contents;

  /** Makes a record of a line. */
  private interface Contents {
    TopicRecord of(byte[] line);
  }

  private JsonLineFiles(List<Path> files, int maxLineBytes, Contents contents) {
    this.files = files.stream().map(Path::toAbsolutePath).distinct().sorted().toList();
    this.maxLineBytes = maxLineBytes;
    this.contents = contents;
  }

  /**
   * Files of visits.
   *
   * @param maxRecordBytes the largest record; of a longer line only a byte more is read
   */
  public static JsonLineFiles ofVisits(List<Path> files, int maxRecordBytes) {
    return new JsonLineFiles(files, maxRecordBytes, line -> new TopicRecord(null, line, List.of()));
  }

  /** Files of sessions. */
  public static JsonLineFiles ofSessions(List<Path> files) {
    return new JsonLineFiles(
        files, Integer.MAX_VALUE - 16, line -> new TopicRecord(key(line), line, List.of()));
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

  @Override
  public String name() {
    return files.size() == 1
        ? files.get(0).getFileName().toString()
        : Verdict.count(files.size(), "file");
  }

  @Override
  public long size() {
    try {
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
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
    return position.partition() < files.size()
            && position.topic().equals(name(position.partition()))
        ? Coverage.WITHIN
        : Coverage.ELSEWHERE;
  }

  private String name(int part) {
    return files.get(part).getFileName().toString();
  }

  @Override
  public int part(SourcePosition position) {
    return position.partition();
  }

  @Override
  public boolean isTruncated(int part) {
    return false;
  }

  @Override
  public SourcePosition position(int part, long offset) {
    return new SourcePosition(name(part), part, offset);
  }

  @Override
  public String describe(SourcePosition position) {
    return position.topic() + " byte " + position.offset();
  }

  @Override
  public void read(EachRecord each) throws IOException {
    for (int part = 0; part < files.size(); part++) {
      Path file = files.get(part);
      try (InputStream in = open(file)) {
        read(part, in, each);
      } catch (EOFException | ZipException e) {
        throw new IOException(file + " is not a complete archive: " + e.getMessage(), e);
      }
    }
  }

  private static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    in.mark(2);
    int magic = (in.read() << 8) | in.read();
    in.reset();
    return magic == GZIP
        ? new BufferedInputStream(new GZIPInputStream(in, BUFFER_BYTES), BUFFER_BYTES)
        : in;
  }

  private void read(int part, InputStream in, EachRecord each) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    byte[] line = new byte[512];
    int length = 0;
    long lineAt = 0;
    long at = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i <= count; i++) {
        if (i < count && buffer[i] != '\n') {
          continue;
        }
        int kept = (int) Math.min(i - from, (long) maxLineBytes + 2 - length);
        if (kept > line.length - length) {
          line = Arrays.copyOf(line, Math.max(length + kept, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, length, kept);
        length += kept;
        from = i + 1;
        if (i < count) {
          accept(part, lineAt, line, length, each);
          length = 0;
          lineAt = at + i + 1;
        }
      }
      at += count;
    }
    accept(part, lineAt, line, length, each);
  }

  private void accept(int part, long at, byte[] line, int length, EachRecord each)
      throws IOException {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    boolean isBlank = true;
    for (int i = 0; i < end && isBlank; i++) {
      isBlank = line[i] == ' ' || line[i] == '\t';
    }
    if (!isBlank) {
      each.accept(
          new SourceRecord(position(part, at), 0, false, contents.of(Arrays.copyOf(line, end))));
    }
  }

  @Override
  public void close() {}
}
