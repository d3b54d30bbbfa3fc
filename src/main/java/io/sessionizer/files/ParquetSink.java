package io.sessionizer.files;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.parquet.ParquetRows;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRow;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes sessions to a Parquet file, a row each. */
final class ParquetSink implements FileIO.Sink<SessionRecord> {
  private static final long serialVersionUID = 1L;

  private final Counter written = JobMetric.SESSIONS_WRITTEN.counter();
  private final String folder;
  private final SessionJson json;
  private transient @Nullable ParquetWriter<SessionRow> rows;

  /**
   * Creates a sink.
   *
   * @param json computes attributes and pseudonyms
   */
  ParquetSink(String folder, SessionJson json) {
    this.folder = folder;
    this.json = json;
  }

  @Override
  public void open(WritableByteChannel file) throws IOException {
    rows = ParquetRows.writer(new ChannelFile(file), json.hasAttributes());
  }

  @Override
  public void write(SessionRecord session) throws IOException {
    try {
      opened().write(SessionRow.of(session, json));
    } catch (IOException e) {
      throw new UnusableFileException("write to " + folder, e);
    }
    written.inc();
  }

  /** Writes the end of the file; there is one flush, behind all sessions. */
  @Override
  public void flush() throws IOException {
    try {
      opened().close();
    } catch (IOException e) {
      throw new UnusableFileException("write to " + folder, e);
    }
  }

  private ParquetWriter<SessionRow> opened() {
    if (rows == null) {
      throw new IllegalStateException("the file is not open");
    }
    return rows;
  }
}
