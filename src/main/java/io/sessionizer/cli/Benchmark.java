package io.sessionizer.cli;

import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The benchmark, a service of a module that is not part of the product. */
public interface Benchmark {
  /** The names of all workloads. */
  List<String> WORKLOADS =
      List.of(
          "steady",
          "catch-up",
          "many-keys",
          "long-sessions",
          "late",
          "hot",
          "hot-late",
          "mapped",
          "files",
          "files-gzip",
          "files-hot");

  /** The names of all contenders. */
  List<String> CONTENDERS =
      List.of(
          "stateful-heap",
          "stateful-rocksdb",
          "windows-heap",
          "windows-rocksdb",
          "native-heap",
          "native-rocksdb",
          "streams-memory",
          "streams-rocksdb",
          "sessionizer",
          "duckdb",
          "spark-sql",
          "floor");

  /**
   * The parameters of a measurement.
   *
   * @param workloads names of the workloads, in the order of {@link #WORKLOADS}
   * @param contenders names of the contenders, in the order of {@link #CONTENDERS}
   * @param visits numbers of visits in a backlog, in ascending order; empty for those of the
   *     workload
   * @param rate visits per second of a workload with a rate
   * @param seed seed of the generated visits
   * @param repeats runs of each contender
   * @param parallelism threads of each contender, and partitions
   * @param heap maximum heap of each contender, as in {@code -Xmx}
   * @param allowedLateness how long after its end a session still accepts late visits
   * @param timeout time after which a run has failed
   * @param archives whether to measure also with a class-data archive for each contender's JVM
   * @param acceptance whether to measure what the goals need, and to compare it with them
   * @param skipHeap whether to skip the run that measures live heap
   * @param jar the sessionizer's jar; null for the one of this clone
   * @param flags more flags of the sessionizer
   * @param micro whether to run the micro-benchmarks instead
   * @param output folder for the results; null for the usual one
   */
  record Plan(
      List<String> workloads,
      List<String> contenders,
      List<Long> visits,
      long rate,
      long seed,
      int repeats,
      int parallelism,
      String heap,
      Duration allowedLateness,
      Duration timeout,
      boolean archives,
      boolean acceptance,
      boolean skipHeap,
      @Nullable Path jar,
      List<String> flags,
      boolean micro,
      @Nullable Path output) {}

  /** Measures, prints the results, and returns the exit code. */
  int run(Plan plan) throws NotReadyException, IOException, InterruptedException;
}
