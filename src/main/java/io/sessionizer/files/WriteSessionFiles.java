package io.sessionizer.files;

import io.sessionizer.config.OutputFormat;
import io.sessionizer.config.Settings;
import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.Pseudonyms;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.checkerframework.checker.nullness.qual.Nullable;

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
   * @param pseudonyms in place of the users of private sessions; null if these have none
   */
  public static WriteSessionFiles toFolder(
      String folder, OutputFormat format, Settings settings, @Nullable Pseudonyms pseudonyms) {
    SessionJson json = json(settings, pseudonyms);
    boolean isParquet = format == OutputFormat.PARQUET;
    return new WriteSessionFiles(
        new WriteToFolder<>(
            folder,
            OutputFolder.SESSIONS,
            isParquet ? OutputFolder.PARQUET : OutputFolder.LINES,
            isParquet
                ? new ParquetSink(folder, json)
                : new LineSink<>(folder, new SessionFormat(json))));
  }

  /**
   * Writes sessions to the standard output.
   *
   * @param pseudonyms in place of the users of private sessions; null if these have none
   */
  public static WriteSessionFiles toStandardOutput(
      Settings settings, @Nullable Pseudonyms pseudonyms) {
    return new WriteSessionFiles(
        new AppendLines<>(new StandardOutput(), new SessionFormat(json(settings, pseudonyms))));
  }

  private static SessionJson json(Settings settings, @Nullable Pseudonyms pseudonyms) {
    Counter skipped = JobMetric.ATTRIBUTE_VALUES_SKIPPED.counter();
    return new SessionJson(
        settings.timeZone(), settings.sessionAttributes(skipped::inc), pseudonyms);
  }

  @Override
  public PDone expand(PCollection<SessionRecord> sessions) {
    return sessions.apply("WriteLines", write);
  }

  private static final class SessionFormat implements LineFormat<SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final Counter written = JobMetric.SESSIONS_WRITTEN.counter();
    private final SessionJson json;

    SessionFormat(SessionJson json) {
      this.json = json;
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
