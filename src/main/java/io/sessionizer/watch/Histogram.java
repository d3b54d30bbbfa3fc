package io.sessionizer.watch;

import java.util.ArrayList;
import java.util.List;

/** The number of values in each class; the last class has to accept all values. */
final class Histogram {
  private final List<Long> limits = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();

  /** Adds a class, of values larger than those before and up to {@code limit}. */
  Histogram upTo(long limit, String label) {
    limits.add(limit);
    labels.add(label);
    counts.add(0L);
    return this;
  }

  void add(long value) {
    int at = 0;
    while (value > limits.get(at)) {
      at++;
    }
    counts.set(at, counts.get(at) + 1);
  }

  public List<String> getLabels() {
    return labels;
  }

  public List<Long> getCounts() {
    return counts;
  }
}
