package io.sessionizer.visits;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.ListCoder;
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
 * Routes every record: visits on, in the batches in which they were read, the rest to the dead
 * letters.
 */
public final class RouteVisits
    extends PTransform<
        PCollection<List<ConsumedRecord>>,
        WithFailures.Result<PCollection<List<LocatedVisit>>, DeadLetter>> {
  private static final long serialVersionUID = 1L;
  private static final TupleTag<List<LocatedVisit>> VISITS = new TupleTag<>() {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};

  @Override
  public WithFailures.Result<PCollection<List<LocatedVisit>>, DeadLetter> expand(
      PCollection<List<ConsumedRecord>> records) {
    PCollectionTuple routed =
        records.apply(
            "RouteVisit",
            ParDo.of(new RouteVisitFn()).withOutputTags(VISITS, TupleTagList.of(DEAD_LETTERS)));
    return WithFailures.Result.of(
        routed.get(VISITS).setCoder(ListCoder.of(LocatedVisit.CODER)),
        routed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
  }

  private static final class RouteVisitFn extends DoFn<List<ConsumedRecord>, List<LocatedVisit>> {
    private static final long serialVersionUID = 1L;
    private final Counter read = JobMetric.VISITS_READ.counter();
    private final Counter rejected = JobMetric.VISITS_REJECTED.counter();
    private final EnumMap<Reason, Counter> rejectedFor = new EnumMap<>(Reason.class);
    private final StringSet rejectedAt = JobMetric.VISITS_REJECTED_AT.texts();
    private final EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);

    RouteVisitFn() {
      for (Reason reason : Reason.values()) {
        rejectedFor.put(reason, JobMetric.VISITS_REJECTED_BY_REASON.counter(reason.name()));
      }
    }

    @ProcessElement
    public void route(@Element List<ConsumedRecord> readTogether, MultiOutputReceiver out) {
      read.inc(readTogether.size());
      List<LocatedVisit> visits = new ArrayList<>(readTogether.size());
      for (ConsumedRecord record : readTogether) {
        if (record.content() instanceof Visit visit) {
          visits.add(new LocatedVisit(visit, record.provenance()));
        } else if (record.content() instanceof Rejection rejection) {
          reject(rejection.reason(), record.provenance());
          out.get(DEAD_LETTERS).output(deadLetter(record, rejection));
        }
      }
      if (!visits.isEmpty()) {
        out.get(VISITS).output(visits);
      }
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
          record.key(),
          rejection.value(),
          rejection.reason(),
          rejection.message());
    }
  }
}
