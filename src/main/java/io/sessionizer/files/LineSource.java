package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.lines.LineReader;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.FirstRecords;
import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the lines of files as visits, some at a time: a batch is what a poll of Kafka is. */
final class LineSource extends BoundedSource<ConsumedBatch> {
  private static final long serialVersionUID = 1L;

  /** How many bytes a range of a file has. */
  private static final long RANGE_BYTES = 32L << 20;

  /** How many bytes the lines of a batch have, about. */
  private static final int BATCH_BYTES = 16 << 20;

  private static final long NONE = -1;

  private final List<LineRange> ranges;
  private final InputFormat format;
  private final int maxRecordBytes;
  private final Duration maxFutureSkew;

  /** Null if the lines are written by a job, so that their format is known. */
  private final @Nullable FirstRecords firstRecords;

  private LineSource(
      List<LineRange> ranges,
      InputFormat format,
      int maxRecordBytes,
      Duration maxFutureSkew,
      @Nullable FirstRecords firstRecords) {
    this.ranges = new ArrayList<>(ranges);
    this.format = format;
    this.maxRecordBytes = maxRecordBytes;
    this.maxFutureSkew = maxFutureSkew;
    this.firstRecords = firstRecords;
  }

  /**
   * Reads files.
   *
   * @param format how lines are read as visits
   * @param maxRecordBytes the size of the longest line that is parsed
   * @param maxFutureSkew how far event times may be ahead of the wall clock
   */
  static LineSource of(
      List<InputFile> files, InputFormat format, int maxRecordBytes, Duration maxFutureSkew) {
    return of(files, RANGE_BYTES, format, maxRecordBytes, maxFutureSkew);
  }

  static LineSource of(
      List<InputFile> files,
      long rangeBytes,
      InputFormat format,
      int maxRecordBytes,
      Duration maxFutureSkew) {
    return new LineSource(
        files.stream().flatMap(file -> LineRange.of(file, rangeBytes).stream()).toList(),
        format,
        maxRecordBytes,
        maxFutureSkew,
        null);
  }

  /** Returns the ranges in which a file is read. */
  static List<LineRange> ranges(InputFile file) {
    return LineRange.of(file, RANGE_BYTES);
  }

  /** Returns a source of the lines of another range, which are read as these. */
  LineSource ofRange(LineRange range) {
    return new LineSource(List.of(range), format, maxRecordBytes, maxFutureSkew, firstRecords);
  }

  /** Returns the same, whose first records say whether their format is the right one. */
  LineSource with(FirstRecords first) {
    return new LineSource(ranges, format, maxRecordBytes, maxFutureSkew, first);
  }

  @Override
  public List<LineSource> split(long desiredBytes, PipelineOptions options) {
    return ranges.stream().map(this::ofRange).toList();
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return ranges.stream().mapToLong(LineRange::bytes).sum();
  }

  @Override
  public Coder<ConsumedBatch> getOutputCoder() {
    return ConsumedBatch.CODER;
  }

  @Override
  public BoundedReader<ConsumedBatch> createReader(PipelineOptions options) {
    return new LineBatchReader(this);
  }

  /** Reads batches; a batch has lines of one file. */
  private static final class LineBatchReader extends BoundedReader<ConsumedBatch> {
    private final LineSource source;
    private PackedRecord.Writer parser;

    /** Where the line of the current file starts that names the columns, if it has one. */
    private long columnsPosition = NONE;

    private int next;
    private @Nullable LineReader lines;
    private @Nullable ConsumedBatch current;

    LineBatchReader(LineSource source) {
      this.source = source;
      this.parser = parser(source.format);
    }

    private PackedRecord.Writer parser(InputFormat format) {
      return new PackedRecord.Writer(
          new VisitParser(format, source.maxRecordBytes, source.maxFutureSkew, Clock.systemUTC()));
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() throws IOException {
      while (lines != null || next < source.ranges.size()) {
        ConsumedBatch batch = read();
        if (batch.size() > 0) {
          if (source.firstRecords != null) {
            source.firstRecords.read(batch);
          }
          current = batch;
          return true;
        }
      }
      current = null;
      return false;
    }

    /** Reads a batch, which may be empty at the end of a range. */
    private ConsumedBatch read() throws IOException {
      LineRange range = source.ranges.get(lines == null ? next : next - 1);
      try {
        if (lines == null) {
          next++;
          lines = range.open(source.maxRecordBytes);
          if (source.format.hasColumnsInFiles()) {
            readColumns(range, lines);
          }
        }
        return read(range, lines);
      } catch (IOException e) {
        throw new UnusableFileException("read " + range.file().name() + position(), e);
      }
    }

    /** Reads the first line of a file, which is no record. */
    private void readColumns(LineRange range, LineReader reader) throws IOException {
      if (range.from() == 0) {
        readColumns(reader);
        return;
      }
      try (LineReader first = new LineRange(range.file(), 0, 1).open(source.maxRecordBytes)) {
        readColumns(first);
      }
    }

    private void readColumns(LineReader reader) throws IOException {
      if (!reader.next()) {
        return; // an empty file
      }
      columnsPosition = reader.position();
      List<String> problems = new ArrayList<>();
      String line = new String(reader.bytes(), reader.from(), reader.to() - reader.from(), UTF_8);
      parser = parser(source.format.withColumnsOf(line, problems));
      if (!problems.isEmpty()) {
        throw new IOException(
            "its first line names the columns, or give --columns; " + String.join("; ", problems));
      }
    }

    private String position() {
      return lines == null ? "" : " from byte " + lines.nextPosition() + " of its text on";
    }

    private ConsumedBatch read(LineRange range, LineReader reader) throws IOException {
      String file = range.file().name();
      PacketWriter packets = new PacketWriter(file, SourcePosition.IN_FILE, Provenance.NOT_RESUMED);
      List<ConsumedRecord> rejected = new ArrayList<>();
      long bytes = 0;
      while (bytes < BATCH_BYTES) {
        if (reader.nextPosition() >= range.to() || !reader.next()) {
          close();
          break;
        }
        if (reader.position() >= range.to()) { // behind blank lines
          close();
          break;
        }
        if (reader.position() == columnsPosition) { // behind blank lines at the start of a range
          continue;
        }
        Rejection rejection = add(reader, packets);
        if (rejection != null) {
          SourcePosition position =
              new SourcePosition(file, SourcePosition.IN_FILE, reader.position());
          rejected.add(
              new ConsumedRecord(
                  new Provenance(position, Provenance.NO_TIMESTAMP), null, rejection));
        }
        bytes += reader.nextPosition() - reader.position();
      }
      return packets.batch(rejected);
    }

    private @Nullable Rejection add(LineReader line, PacketWriter packets) {
      if (line.isCut()) {
        return new Rejection(
            Reason.TOO_LARGE,
            "the line has %s bytes, %s at most".formatted(line.length(), source.maxRecordBytes),
            Arrays.copyOfRange(line.bytes(), line.from(), line.to()));
      }
      byte[] packed = parser.pack(line.bytes(), line.from(), line.to());
      return packets.add(packed, line.position(), Provenance.NO_TIMESTAMP);
    }

    @Override
    public ConsumedBatch getCurrent() {
      if (current == null) {
        throw new NoSuchElementException("there is no batch");
      }
      return current;
    }

    @Override
    public BoundedSource<ConsumedBatch> getCurrentSource() {
      return source;
    }

    @Override
    public void close() throws IOException {
      if (lines != null) {
        lines.close();
        lines = null;
      }
    }
  }
}
