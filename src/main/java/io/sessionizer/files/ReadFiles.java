package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.visits.ConsumedBatch;
import java.util.List;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Reads visits from files, in no order. */
public final class ReadFiles extends PTransform<PBegin, PCollection<ConsumedBatch>> {
  private static final long serialVersionUID = 1L;

  private final LineSource lines;

  private ReadFiles(LineSource lines) {
    this.lines = lines;
  }

  /**
   * Reads the files that are there now.
   *
   * @param globs which files
   * @throws NotReadyException with every glob that matches no file
   */
  public static ReadFiles from(List<String> globs, Settings settings) throws NotReadyException {
    return new ReadFiles(
        LineSource.of(
            InputFiles.matching(globs), settings.maxRecordBytes(), settings.maxFutureSkew()));
  }

  @Override
  public PCollection<ConsumedBatch> expand(PBegin begin) {
    return begin.apply("ReadLines", Read.from(lines));
  }
}
