package io.sessionizer.bench;

import static io.sessionizer.bench.Contender.FLOOR;
import static io.sessionizer.bench.Contender.NATIVE_HEAP;
import static io.sessionizer.bench.Contender.NATIVE_ROCKSDB;
import static io.sessionizer.bench.Contender.STATEFUL_HEAP;
import static io.sessionizer.bench.Contender.STATEFUL_ROCKSDB;
import static io.sessionizer.bench.Contender.STREAMS_ROCKSDB;
import static io.sessionizer.bench.Workload.CATCH_UP;
import static io.sessionizer.bench.Workload.HOT;
import static io.sessionizer.bench.Workload.MANY_KEYS;
import static io.sessionizer.bench.Workload.STEADY;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What {@code bench --acceptance} measures, and what the stateful engine has to reach. */
final class Acceptance {
  private static final Scenario ONE_MILLION = new Scenario(CATCH_UP, 1_000_000, false);
  private static final Scenario ONE_MILLION_ARCHIVES = new Scenario(CATCH_UP, 1_000_000, true);
  private static final Scenario FOUR_MILLION = new Scenario(CATCH_UP, 4_000_000, false);
  private static final Scenario TEN_MILLION = new Scenario(CATCH_UP, 10_000_000, false);
  private static final Scenario FEW_OF_MANY_KEYS = new Scenario(MANY_KEYS, 2_000_000, false);
  private static final Scenario MORE_OF_MANY_KEYS = new Scenario(MANY_KEYS, 6_000_000, false);
  private static final Scenario ONE_MILLION_HOT = new Scenario(HOT, 1_000_000, false);

  private static final List<Contender> ALL =
      List.of(STATEFUL_HEAP, STATEFUL_ROCKSDB, NATIVE_HEAP, NATIVE_ROCKSDB, STREAMS_ROCKSDB, FLOOR);
  private static final List<Contender> FLINK =
      List.of(STATEFUL_HEAP, STATEFUL_ROCKSDB, NATIVE_HEAP, NATIVE_ROCKSDB);
  private static final List<Contender> ON_HEAP = List.of(STATEFUL_HEAP, NATIVE_HEAP);

  private Acceptance() {}

  /**
   * Returns what is measured.
   *
   * @param rate visits per second of {@code steady}
   */
  static List<Measurement> measurements(long rate) {
    return List.of(
        new Measurement(ONE_MILLION, ALL, List.of()),
        new Measurement(ONE_MILLION_ARCHIVES, ALL, List.of()),
        new Measurement(ONE_MILLION_HOT, List.of(STATEFUL_HEAP), List.of()),
        new Measurement(
            FOUR_MILLION,
            List.of(STATEFUL_HEAP, STATEFUL_ROCKSDB, NATIVE_HEAP, NATIVE_ROCKSDB, FLOOR),
            List.of()),
        new Measurement(TEN_MILLION, ON_HEAP, List.of(STATEFUL_HEAP)),
        new Measurement(FEW_OF_MANY_KEYS, FLINK, List.of()),
        new Measurement(MORE_OF_MANY_KEYS, FLINK, ON_HEAP),
        new Measurement(steady(rate), ON_HEAP, List.of()));
  }

  private static Scenario steady(long rate) {
    return new Scenario(STEADY, STEADY.sizes(rate).get(0), false);
  }

  /** Returns the goals, with the measured figures. */
  static List<Goal> goals(BenchmarkResults results) {
    Figures figures = new Figures(results);
    return List.of(
        Goal.atMost(
            0.45,
            "catch-up, a further visit, of native Flink's CPU time, heap",
            figures.visitRatio(CATCH_UP, STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atMost(
            0.35,
            "catch-up, a further visit, of native Flink's CPU time, RocksDB",
            figures.visitRatio(CATCH_UP, STATEFUL_ROCKSDB, NATIVE_ROCKSDB)),
        Goal.atMost(
            0.45,
            "many-keys, a further visit, of native Flink's CPU time, heap",
            figures.visitRatio(MANY_KEYS, STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atMost(
            0.35,
            "many-keys, a further visit, of native Flink's CPU time, RocksDB",
            figures.visitRatio(MANY_KEYS, STATEFUL_ROCKSDB, NATIVE_ROCKSDB)),
        Goal.atMost(
            1.4,
            "catch-up, a further visit, of the floor's CPU time, heap",
            figures.visitRatio(CATCH_UP, STATEFUL_HEAP, FLOOR)),
        Goal.atLeast(
            1.5,
            "catch-up, 1,000,000 visits, visits per CPU-second to native Flink's, heap",
            results.ratio(ONE_MILLION, STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atLeast(
            1.8,
            "catch-up, 4,000,000 visits, visits per CPU-second to native Flink's, heap",
            results.ratio(FOUR_MILLION, STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atLeast(
            2,
            "catch-up, 10,000,000 visits, visits per CPU-second to native Flink's, heap",
            results.ratio(TEN_MILLION, STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atLeast(
            2.2,
            "catch-up, 1,000,000 visits, visits per CPU-second to native Flink's, RocksDB",
            results.ratio(ONE_MILLION, STATEFUL_ROCKSDB, NATIVE_ROCKSDB)),
        Goal.atLeast(
            2,
            "catch-up, 1,000,000 visits, visits per CPU-second to Kafka Streams', RocksDB",
            results.ratio(ONE_MILLION, STATEFUL_ROCKSDB, STREAMS_ROCKSDB)),
        Goal.atMost(
            0.7,
            "steady, of native Flink's CPU time, heap",
            figures.steadyRatio(STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atMost(
            1.2,
            "hot, 1,000,000 visits, of the CPU time of catch-up, heap",
            figures.hotRatio(STATEFUL_HEAP)),
        Goal.atMost(
            120,
            "many-keys, 6,000,000 visits, bytes of live heap per open visit",
            results.weighed(MORE_OF_MANY_KEYS, STATEFUL_HEAP, Run::heapBytesPerOpenVisit)),
        Goal.atMost(
            1,
            "many-keys, 6,000,000 visits, checkpoint to native Flink's, heap",
            figures.checkpointRatio(STATEFUL_HEAP, NATIVE_HEAP)),
        Goal.atMost(
            1,
            "many-keys, 6,000,000 visits, checkpoint to native Flink's, RocksDB",
            figures.checkpointRatio(STATEFUL_ROCKSDB, NATIVE_ROCKSDB)),
        Goal.atMost(
            1.1,
            "catch-up, live heap after 7,500,000 visits to that after 2,500,000",
            results.weighed(TEN_MILLION, STATEFUL_HEAP, Run::heapGrowth)));
  }

  /** Ratios of medians; 0 where one is not known. */
  private record Figures(BenchmarkResults results) {
    double visitRatio(Workload workload, Contender contender, Contender other) {
      var cost = results.cost(workload, false, contender);
      var others = results.cost(workload, false, other);
      return cost.isEmpty() || others.isEmpty()
          ? 0
          : cost.get().visitMicros() / others.get().visitMicros();
    }

    double steadyRatio(Contender contender, Contender other) {
      return results.runs().keySet().stream()
          .filter(scenario -> scenario.workload() == STEADY)
          .mapToDouble(
              scenario ->
                  quotient(
                      results.median(scenario, other, Run::visitsPerCpuSecond),
                      results.median(scenario, contender, Run::visitsPerCpuSecond)))
          .findFirst()
          .orElse(0);
    }

    double hotRatio(Contender contender) {
      return quotient(
          results.median(ONE_MILLION_HOT, contender, Run::cpuSeconds),
          results.median(ONE_MILLION, contender, Run::cpuSeconds));
    }

    double checkpointRatio(Contender contender, Contender other) {
      ToDoubleFunction<Run> bytes = Run::stateBytesPerOpenVisit;
      return quotient(
          results.median(MORE_OF_MANY_KEYS, contender, bytes),
          results.median(MORE_OF_MANY_KEYS, other, bytes));
    }

    private static double quotient(double one, double other) {
      return other == 0 ? 0 : one / other;
    }
  }
}
