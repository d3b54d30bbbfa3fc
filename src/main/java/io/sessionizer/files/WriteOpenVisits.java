package io.sessionizer.files;

import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes visits of open sessions to files of a folder, for {@link OpenVisits}. */
public final class WriteOpenVisits extends PTransform<PCollection<Visit>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;

  /** Writes visits into {@code folder}. */
  public WriteOpenVisits(String folder) {
    this.folder = folder;
  }

  @Override
  public PDone expand(PCollection<Visit> visits) {
    return visits.apply(
        "WriteLines",
        new WriteToFolder<>(
            folder,
            OutputFolder.OPEN_VISITS,
            OutputFolder.LINES,
            new LineSink<>(folder, new VisitLineFormat())));
  }

  private static final class VisitLineFormat implements LineFormat<Visit> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] line(Visit visit) {
      return VisitJson.write(visit);
    }
  }
}
