package io.sessionizer.files;

import io.sessionizer.config.FileNames;
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

  private final String folder;
  private final SessionJson json;

  /**
   * Writes sessions.
   *
   * @param folder the folder of the files; {@link FileNames#STANDARD} for the standard output
   * @param timeZone of the times of a session
   */
  public WriteSessionFiles(String folder, ZoneId timeZone) {
    this.folder = folder;
    this.json = new SessionJson(timeZone);
  }

  @Override
  public PDone expand(PCollection<SessionRecord> sessions) {
    LineFormat<SessionRecord> format = new SessionFormat(json);
    return folder.equals(FileNames.STANDARD)
        ? sessions.apply("Print", new PrintLines<>(format))
        : sessions.apply("WriteLines", new WriteLines<>(folder, OutputFolder.SESSIONS, format));
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
