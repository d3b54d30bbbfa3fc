package io.sessionizer.visits;

import io.sessionizer.deadletters.DeadLetter;
import io.sessionizer.deadletters.DeadLetterCoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
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

/**
 * Sends every record that was read one of two ways: visits on, the rest to the dead letters. What
 * was read together stays together.
 */
public final class RouteVisits
    extends PTransform<
        PCollection<List<Arrival>>,
        WithFailures.Result<PCollection<List<LocatedVisit>>, DeadLetter>> {
  private static final long serialVersionUID = 1L;
  private static final TupleTag<List<LocatedVisit>> VISITS = new TupleTag<>() {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};

  @Override
  public WithFailures.Result<PCollection<List<LocatedVisit>>, DeadLetter> expand(
      PCollection<List<Arrival>> arrivals) {
    PCollectionTuple routed =
        arrivals.apply(
            "RouteVisit",
            ParDo.of(new RouteVisitFn()).withOutputTags(VISITS, TupleTagList.of(DEAD_LETTERS)));
    return WithFailures.Result.of(
        routed.get(VISITS).setCoder(ListCoder.of(LocatedVisitCoder.of())),
        routed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
  }

  private static final class RouteVisitFn extends DoFn<List<Arrival>, List<LocatedVisit>> {
    private static final long serialVersionUID = 1L;
    private final Counter read = Metrics.counter(RouteVisits.class, "visits_read");
    private final Counter rejected = Metrics.counter(RouteVisits.class, "visits_rejected");

    @ProcessElement
    public void route(@Element List<Arrival> readTogether, MultiOutputReceiver out) {
      read.inc(readTogether.size());
      List<LocatedVisit> visits = new ArrayList<>(readTogether.size());
      for (Arrival arrival : readTogether) {
        if (arrival.content() instanceof Visit visit) {
          visits.add(new LocatedVisit(visit, arrival.origin()));
        } else if (arrival.content() instanceof Refusal refusal) {
          rejected.inc();
          out.get(DEAD_LETTERS).output(deadLetter(arrival, refusal));
        }
      }
      if (!visits.isEmpty()) {
        out.get(VISITS).output(visits);
      }
    }

    private static DeadLetter deadLetter(Arrival arrival, Refusal refusal) {
      return new DeadLetter(
          arrival.origin(), arrival.key(), refusal.value(), refusal.reason(), refusal.message());
    }
  }
}
