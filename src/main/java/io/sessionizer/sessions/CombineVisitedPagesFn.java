package io.sessionizer.sessions;

import static io.sessionizer.sessions.AcceptedPages.NONE_LATE;

import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Collects the visits of one window, each of them once. */
final class CombineVisitedPagesFn extends CombineFn<AcceptedPages, AcceptedPages, AcceptedPages> {
  private static final long serialVersionUID = 1L;

  @Override
  public AcceptedPages createAccumulator() {
    return new AcceptedPages(new ArrayList<>(), NONE_LATE);
  }

  @Override
  public AcceptedPages addInput(AcceptedPages window, AcceptedPages accepted) {
    window.pages().addAll(accepted.pages());
    return new AcceptedPages(
        window.pages(), Math.max(window.lateAtMillis(), accepted.lateAtMillis()));
  }

  @Override
  public AcceptedPages mergeAccumulators(Iterable<AcceptedPages> windows) {
    AcceptedPages merged = createAccumulator();
    for (AcceptedPages window : windows) {
      merged = addInput(merged, window);
    }
    return merged;
  }

  /** Returns the visits in the order of a session's pages, whatever order they were added in. */
  @Override
  public AcceptedPages extractOutput(AcceptedPages window) {
    List<VisitedPage> sorted = window.pages().stream().sorted().toList();
    return new AcceptedPages(sorted, window.lateAtMillis());
  }

  @Override
  public Coder<AcceptedPages> getAccumulatorCoder(
      CoderRegistry registry, Coder<AcceptedPages> inputCoder) {
    return AcceptedPages.CODER;
  }

  @Override
  public Coder<AcceptedPages> getDefaultOutputCoder(
      CoderRegistry registry, Coder<AcceptedPages> inputCoder) {
    return AcceptedPages.CODER;
  }
}
