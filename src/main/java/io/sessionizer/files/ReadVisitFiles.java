package io.sessionizer.files;

import io.sessionizer.visits.ConsumedBatch;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Reads visits from files, which are matched before the job is made, or when it runs. */
public abstract sealed class ReadVisitFiles extends PTransform<PBegin, PCollection<ConsumedBatch>>
    permits ReadFiles, ReadMatchedFiles {
  private static final long serialVersionUID = 1L;
}
