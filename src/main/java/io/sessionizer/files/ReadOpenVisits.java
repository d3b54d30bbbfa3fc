package io.sessionizer.files;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads visits of open sessions in a job that reads others without end. Its watermark is unknown
 * until all of them are read, and then at the end of time.
 */
public final class ReadOpenVisits extends PTransform<PBegin, PCollection<VisitPacket>> {
  private static final long serialVersionUID = 1L;

  private final OpenVisitsSource source;

  /** Reads {@code visits}. */
  public ReadOpenVisits(OpenVisits visits) {
    this.source = new OpenVisitsSource(visits.lines());
  }

  @Override
  public PCollection<VisitPacket> expand(PBegin begin) {
    return begin
        .apply("ReadLines", Read.from(source))
        .apply("UnpackBatches", ParDo.of(new UnpackOpenVisitsFn()))
        .setCoder(VisitPacket.CODER);
  }

  private static final class UnpackOpenVisitsFn extends DoFn<ConsumedBatch, VisitPacket> {
    private static final long serialVersionUID = 1L;
    private final Counter read = JobMetric.VISITS_READ.counter();

    @ProcessElement
    public void unpack(@Element ConsumedBatch batch, OutputReceiver<VisitPacket> out) {
      read.inc(batch.size());
      batch.packets().forEach(out::output);
    }
  }
}
