package io.sessionizer.visits;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.StringSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithFailures;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Routes every record: visits on, by shard as they were read together, the rest to the dead
 * letters. Visits outside a range of event times are skipped and counted, as are records that are
 * {@linkplain LeftOut left out}.
 */
public final class RouteVisits
    extends PTransform<
        PCollection<ConsumedBatch>, WithFailures.Result<PCollection<VisitPacket>, DeadLetter>> {
  private static final long serialVersionUID = 1L;
  private static final TupleTag<VisitPacket> VISITS = new TupleTag<>() {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};

  private final EventTimeRange range;

  /** Routes visits in {@code range}. */
  public RouteVisits(EventTimeRange range) {
    this.range = range;
  }

  @Override
  public WithFailures.Result<PCollection<VisitPacket>, DeadLetter> expand(
      PCollection<ConsumedBatch> records) {
    PCollectionTuple routed =
        records.apply(
            "RouteVisit",
            ParDo.of(new RouteVisitFn(range))
                .withOutputTags(VISITS, TupleTagList.of(DEAD_LETTERS)));
    return WithFailures.Result.of(
        routed.get(VISITS).setCoder(VisitPacket.CODER),
        routed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
  }

  private static final class RouteVisitFn extends DoFn<ConsumedBatch, VisitPacket> {
    private static final long serialVersionUID = 1L;
    private final Counter read = JobMetric.VISITS_READ.counter();
    private final Counter rejected = JobMetric.VISITS_REJECTED.counter();
    private final Counter filtered = JobMetric.VISITS_FILTERED.counter();
    private final Counter excluded = JobMetric.VISITS_EXCLUDED.counter();
    private final Counter overlap = JobMetric.VISITS_OVERLAP.counter();
    private final EnumMap<Reason, Counter> rejectedFor = new EnumMap<>(Reason.class);
    private final StringSet rejectedAt = JobMetric.VISITS_REJECTED_AT.texts();
    private final EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);

    private final EventTimeRange range;

    RouteVisitFn(EventTimeRange range) {
      this.range = range;
      for (Reason reason : Reason.values()) {
        rejectedFor.put(reason, JobMetric.VISITS_REJECTED_BY_REASON.counter(reason.name()));
      }
    }

    @ProcessElement
    public void route(@Element ConsumedBatch batch, MultiOutputReceiver out) {
      read.inc(batch.size());
      if (batch.filtered() > 0) {
        filtered.inc(batch.filtered());
      }
      if (batch.excluded() > 0) {
        excluded.inc(batch.excluded());
      }
      for (ConsumedRecord record : batch.rejected()) {
        if (record.content() instanceof Rejection rejection) {
          reject(rejection.reason(), record.provenance());
          out.get(DEAD_LETTERS).output(deadLetter(record, rejection));
        }
      }
      if (range.containsAllOf(batch)) {
        batch.packets().forEach(out.get(VISITS)::output);
      } else {
        batch.packets().forEach(packet -> routeWithin(packet, out));
      }
    }

    private void routeWithin(VisitPacket packet, MultiOutputReceiver out) {
      Optional<VisitPacket> within = packet.within(range);
      overlap.inc(packet.count() - within.map(VisitPacket::count).orElse(0));
      within.ifPresent(out.get(VISITS)::output);
    }

    private void reject(Reason reason, Provenance provenance) {
      rejected.inc();
      Objects.requireNonNull(rejectedFor.get(reason), "every reason has one").inc();
      // A metric keeps all that is ever added to it: one position of each reason is enough.
      if (seen.add(reason)) {
        rejectedAt.add(reason + " " + provenance.position().compact());
      }
    }

    private static DeadLetter deadLetter(ConsumedRecord record, Rejection rejection) {
      return new DeadLetter(
          record.provenance(),
          record.headers(),
          record.key(),
          rejection.value(),
          rejection.reason(),
          rejection.message());
    }
  }
}
