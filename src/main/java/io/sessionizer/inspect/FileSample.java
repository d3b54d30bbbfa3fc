package io.sessionizer.inspect;

import io.sessionizer.lines.Compression;
import io.sessionizer.lines.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** Reads the first lines of files, compressed or not. */
public final class FileSample {
  private final RecordSample sample;
  private final int most;
  private final LongConsumer progress;
  private long read;

  /**
   * Creates a reader.
   *
   * @param name of the files, for people
   * @param most how many lines to read at most
   * @param progress receives how many are read
   */
  public FileSample(String name, int most, LongConsumer progress) {
    this.sample = new RecordSample(RecordSample.Source.FILES, name, most);
    this.most = most;
    this.progress = progress;
  }

  /**
   * Reads files, about as many lines of each: they may be those of different servers.
   *
   * @throws IOException if one cannot be read; the message names it
   */
  public RecordSample read(List<Path> files) throws IOException {
    for (int part = 0; part < files.size(); part++) {
      Path file = files.get(part);
      long left = Math.max(1, (most - read) / (files.size() - part));
      try (InputStream bytes = Files.newInputStream(file)) {
        read(bytes, part, left);
      } catch (IOException e) {
        throw new IOException("cannot read " + file + ": " + reason(e), e);
      }
    }
    return sample;
  }

  /** Reads a stream, such as the standard input. */
  public RecordSample read(InputStream bytes) throws IOException {
    read(bytes, 0, most);
    return sample;
  }

  private void read(InputStream bytes, int part, long atMost) throws IOException {
    try (LineReader lines = new LineReader(Compression.textOf(bytes), 0, SampledRecord.MAX_BYTES)) {
      long end = read + atMost;
      while (lines.next()) {
        byte[] line =
            lines.isCut()
                ? new byte[0]
                : Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
        SampledRecord record =
            new SampledRecord(null, line, lines.length(), SampledRecord.NO_TIMESTAMP, part);
        if (read == end || !sample.addFirst(record)) {
          sample.setPart();
          return;
        }
        progress.accept(++read);
      }
    }
  }

  private static String reason(IOException e) {
    return e instanceof EOFException ? "the archive is truncated" : String.valueOf(e.getMessage());
  }
}
