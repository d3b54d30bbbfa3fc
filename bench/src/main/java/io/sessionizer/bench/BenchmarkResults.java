package io.sessionizer.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** All runs so far, by scenario and contender. */
final class BenchmarkResults {
  private final Map<Scenario, Map<Contender, List<Run>>> runs = new LinkedHashMap<>();

  /** What a contender costs in a workload. */
  record Cost(Workload workload, boolean archives, Contender contender, CpuCost cost) {}

  void add(Scenario scenario, Contender contender, Run run) {
    runs.computeIfAbsent(scenario, key -> new EnumMap<>(Contender.class))
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(run);
  }

  /** Returns the runs by scenario and contender. */
  Map<Scenario, Map<Contender, List<Run>>> runs() {
    return runs;
  }

  /** Returns the runs of a contender in a scenario, none if there are none. */
  List<Run> of(Scenario scenario, Contender contender) {
    return runs.getOrDefault(scenario, Map.of()).getOrDefault(contender, List.of());
  }

  /** Returns the first thing that went wrong, or nothing if every run was exact. */
  String problem(Scenario scenario, Contender contender) {
    return of(scenario, contender).stream()
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
  double median(Scenario scenario, Contender contender, ToDoubleFunction<Run> figure) {
    return Statistics.median(
        of(scenario, contender).stream()
            .filter(run -> run.isExact() && run.heapAfterGcBytes() == 0)
            .mapToDouble(figure)
            .toArray());
  }

  /**
   * Returns the largest of a figure over the runs in which the heap was weighed.
   *
   * @return 0 if it was not weighed
   */
  double weighed(Scenario scenario, Contender contender, ToDoubleFunction<Run> figure) {
    return of(scenario, contender).stream()
        .filter(run -> run.isExact() && run.heapAfterGcBytes() > 0)
        .mapToDouble(figure)
        .max()
        .orElse(0);
  }

  /** Returns visits per CPU-second relative to another contender; 0 if one is not known. */
  double ratio(Scenario scenario, Contender contender, Contender other) {
    double others = median(scenario, other, Run::visitsPerCpuSecond);
    return others == 0 ? 0 : median(scenario, contender, Run::visitsPerCpuSecond) / others;
  }

  /** Returns what is known of the cost of each contender in each workload. */
  List<Cost> costs() {
    List<Cost> costs = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      for (boolean archives : new boolean[] {false, true}) {
        for (Contender contender : Contender.values()) {
          cost(workload, archives, contender)
              .ifPresent(cost -> costs.add(new Cost(workload, archives, contender, cost)));
        }
      }
    }
    return costs;
  }

  /**
   * Returns what a contender costs at the start and for each further visit, from the two smallest
   * sizes of a workload, if it ran two.
   */
  Optional<CpuCost> cost(Workload workload, boolean archives, Contender contender) {
    List<Scenario> sizes =
        runs.keySet().stream()
            .filter(scenario -> scenario.workload() == workload)
            .filter(scenario -> scenario.archives() == archives)
            .filter(scenario -> median(scenario, contender, Run::cpuSeconds) > 0)
            .sorted((one, other) -> Long.compare(one.visits(), other.visits()))
            .limit(2)
            .toList();
    return sizes.size() < 2
        ? Optional.empty()
        : Optional.of(
            CpuCost.through(
                sizes.get(0).visits(),
                median(sizes.get(0), contender, Run::cpuSeconds),
                sizes.get(1).visits(),
                median(sizes.get(1), contender, Run::cpuSeconds)));
  }
}
