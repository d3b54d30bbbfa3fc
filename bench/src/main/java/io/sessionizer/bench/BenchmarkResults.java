package io.sessionizer.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All runs so far, by workload and contender. */
final class BenchmarkResults {
  private final Map<Workload, Map<Contender, List<Run>>> runs = new EnumMap<>(Workload.class);

  void add(Workload workload, Contender contender, Run run) {
    runs.computeIfAbsent(workload, key -> new EnumMap<>(Contender.class))
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(run);
  }

  /** Returns the runs by workload and contender. */
  Map<Workload, Map<Contender, List<Run>>> runs() {
    return runs;
  }

  /** Returns the runs of a contender at a workload, none if there are none. */
  List<Run> of(Workload workload, Contender contender) {
    return runs.getOrDefault(workload, Map.of()).getOrDefault(contender, List.of());
  }

  /** Returns the first thing that went wrong, or nothing if every run was exact. */
  String problem(Workload workload, Contender contender) {
    return of(workload, contender).stream()
        .map(Run::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Whether every run of every contender was exact. */
  boolean allExact() {
    return runs.values().stream()
        .flatMap(byContender -> byContender.values().stream())
        .flatMap(List::stream)
        .allMatch(Run::isExact);
  }

  /**
   * Returns the median of a figure over the runs in which the heap was not weighed.
   *
   * @return 0 if it is not known
   */
  double median(Workload workload, Contender contender, ToDoubleFunction<Run> figure) {
    return Statistics.median(
        of(workload, contender).stream()
            .filter(run -> run.isExact() && run.heapAfterGcBytes() == 0)
            .mapToDouble(figure)
            .toArray());
  }

  /** Returns what was live on the heap, in bytes; 0 if nobody looked. */
  double heapAfterGcBytes(Workload workload, Contender contender) {
    return of(workload, contender).stream()
        .filter(Run::isExact)
        .mapToDouble(Run::heapAfterGcBytes)
        .max()
        .orElse(0);
  }

  /** Returns visits per CPU-second relative to the native job; 0 if one of them is not known. */
  double ratioToNative(Workload workload, Contender contender) {
    double counterpart = median(workload, contender.counterpart(), Run::visitsPerCpuSecond);
    return counterpart == 0
        ? 0
        : median(workload, contender, Run::visitsPerCpuSecond) / counterpart;
  }
}
