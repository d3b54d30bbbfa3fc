package io.sessionizer.sessions;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Gathers the visits of one session. Holds each visit once, and nothing else. */
final class CombineVisitedPagesFn
    extends CombineFn<VisitedPage, List<VisitedPage>, List<VisitedPage>> {
  private static final long serialVersionUID = 1L;

  @Override
  public List<VisitedPage> createAccumulator() {
    return new ArrayList<>();
  }

  @Override
  public List<VisitedPage> addInput(List<VisitedPage> pages, VisitedPage page) {
    pages.add(page);
    return pages;
  }

  @Override
  public List<VisitedPage> mergeAccumulators(Iterable<List<VisitedPage>> accumulators) {
    List<VisitedPage> merged = new ArrayList<>();
    accumulators.forEach(merged::addAll);
    return merged;
  }

  /** Returns the visits in the order of a session's pages, whatever the order they came in. */
  @Override
  public List<VisitedPage> extractOutput(List<VisitedPage> pages) {
    return pages.stream().sorted().toList();
  }

  @Override
  public Coder<List<VisitedPage>> getAccumulatorCoder(
      CoderRegistry registry, Coder<VisitedPage> pageCoder) {
    return ListCoder.of(pageCoder);
  }

  @Override
  public Coder<List<VisitedPage>> getDefaultOutputCoder(
      CoderRegistry registry, Coder<VisitedPage> pageCoder) {
    return ListCoder.of(pageCoder);
  }
}
