package io.sessionizer.files;

import io.sessionizer.config.Settings;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes visits of open sessions to files of a folder, for {@link OpenVisits}. */
public final class WriteOpenVisits extends PTransform<PCollection<Visit>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final List<ProjectedField> projected;

  /** Writes visits into a folder, with the fields that a job projects. */
  public WriteOpenVisits(String folder, Settings settings) {
    this.folder = folder;
    this.projected = settings.inputFormat().projected();
  }

  @Override
  public PDone expand(PCollection<Visit> visits) {
    return visits.apply(
        "WriteLines",
        new WriteToFolder<>(
            folder,
            OutputFolder.OPEN_VISITS,
            OutputFolder.LINES,
            new LineSink<>(folder, new VisitLineFormat(projected))));
  }

  private record VisitLineFormat(List<ProjectedField> projected) implements LineFormat<Visit> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] line(Visit visit) {
      return VisitJson.write(visit, projected);
    }
  }
}
