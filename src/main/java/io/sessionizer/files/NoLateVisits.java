package io.sessionizer.files;

import io.sessionizer.visits.LateVisit;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Stands for where late visits go in a job on files, which has none. */
public final class NoLateVisits extends PTransform<PCollection<LateVisit>, PDone> {
  private static final long serialVersionUID = 1L;

  @Override
  public PDone expand(PCollection<LateVisit> visits) {
    throw new IllegalStateException("a visit of a file is never late");
  }
}
