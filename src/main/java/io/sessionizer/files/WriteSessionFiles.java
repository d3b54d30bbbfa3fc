package io.sessionizer.files;

import io.sessionizer.config.OutputFormat;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import java.time.ZoneId;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes sessions to files: a line is the value of a record of the sessions topic. */
public final class WriteSessionFiles extends PTransform<PCollection<SessionRecord>, PDone> {
  private static final long serialVersionUID = 1L;

  private final PTransform<PCollection<SessionRecord>, PDone> write;

  private WriteSessionFiles(PTransform<PCollection<SessionRecord>, PDone> write) {
    this.write = write;
  }

  /**
   * Writes sessions to files of a folder.
   *
   * @param timeZone of the times of a session in JSON
   */
  public static WriteSessionFiles toFolder(String folder, OutputFormat format, ZoneId timeZone) {
    boolean isParquet = format == OutputFormat.PARQUET;
    return new WriteSessionFiles(
        new WriteToFolder<>(
            folder,
            OutputFolder.SESSIONS,
            isParquet ? OutputFolder.PARQUET : OutputFolder.LINES,
            isParquet
                ? new ParquetSink(folder)
                : new LineSink<>(folder, new SessionFormat(timeZone))));
  }

  /**
   * Writes sessions to the standard output.
   *
   * @param timeZone of the times of a session
   */
  public static WriteSessionFiles toStandardOutput(ZoneId timeZone) {
    return new WriteSessionFiles(
        new AppendLines<>(new StandardOutput(), new SessionFormat(timeZone)));
  }

  @Override
  public PDone expand(PCollection<SessionRecord> sessions) {
    return sessions.apply("WriteLines", write);
  }

  private static final class SessionFormat implements LineFormat<SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final Counter written = JobMetric.SESSIONS_WRITTEN.counter();
    private final SessionJson json;

    SessionFormat(ZoneId timeZone) {
      this.json = new SessionJson(timeZone);
    }

    @Override
    public byte[] line(SessionRecord session) {
      byte[] line = session.writeValue(json);
      if (line == null) {
        throw new IllegalStateException("no session of a file is replaced, but " + session);
      }
      written.inc();
      return line;
    }
  }
}
