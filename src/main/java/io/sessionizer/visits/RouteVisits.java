package io.sessionizer.visits;

import io.sessionizer.deadletters.DeadLetter;
import io.sessionizer.deadletters.DeadLetterCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithFailures;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Sends every record that was read one of two ways: visits on, the rest to the dead letters. */
public final class RouteVisits
    extends PTransform<
        PCollection<Arrival>, WithFailures.Result<PCollection<LocatedVisit>, DeadLetter>> {
  private static final long serialVersionUID = 1L;
  private static final TupleTag<LocatedVisit> VISITS = new TupleTag<>() {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};

  @Override
  public WithFailures.Result<PCollection<LocatedVisit>, DeadLetter> expand(
      PCollection<Arrival> arrivals) {
    PCollectionTuple routed =
        arrivals.apply(
            "RouteVisit",
            ParDo.of(new RouteVisitFn()).withOutputTags(VISITS, TupleTagList.of(DEAD_LETTERS)));
    return WithFailures.Result.of(
        routed.get(VISITS).setCoder(LocatedVisitCoder.of()),
        routed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
  }

  private static final class RouteVisitFn extends DoFn<Arrival, LocatedVisit> {
    private static final long serialVersionUID = 1L;
    private final Counter read = Metrics.counter(RouteVisits.class, "visits_read");
    private final Counter rejected = Metrics.counter(RouteVisits.class, "visits_rejected");

    @ProcessElement
    public void route(@Element Arrival arrival, MultiOutputReceiver out) {
      read.inc();
      if (arrival.content() instanceof Visit visit) {
        out.get(VISITS).output(new LocatedVisit(visit, arrival.origin()));
      } else if (arrival.content() instanceof Refusal refusal) {
        rejected.inc();
        out.get(DEAD_LETTERS)
            .output(
                new DeadLetter(
                    arrival.origin(),
                    arrival.key(),
                    refusal.value(),
                    refusal.reason(),
                    refusal.message()));
      }
    }
  }
}
