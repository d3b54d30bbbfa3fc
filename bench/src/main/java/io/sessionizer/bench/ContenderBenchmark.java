package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.cli.Benchmark;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs contenders on workloads, and compares their figures. */
public final class ContenderBenchmark implements Benchmark {
  private final Path home = Path.of(System.getProperty("sessionizer.home", "."));

  @Override
  public int run(Plan plan) throws NotReadyException, IOException, InterruptedException {
    Path measured =
        plan.jar() == null ? home.resolve("target").resolve("sessionizer.jar") : plan.jar();
    Setup setup =
        new Setup(
            home,
            measured,
            plan.flags(),
            plan.parallelism(),
            plan.heap(),
            plan.allowedLateness(),
            plan.timeout());
    Path reports = plan.output() == null ? home.resolve("target/bench/results") : plan.output();
    if (plan.micro()) {
      MicroBenchmarks.run(plan.repeats(), reports).forEach(System.out::println);
      return 0;
    }
    List<Measurement> measurements =
        plan.acceptance() ? Acceptance.measurements(plan.rate()) : measurements(plan);
    BenchmarkReport report = new BenchmarkReport(setup, task(plan), plan.acceptance());
    BenchmarkResults results = new BenchmarkResults();
    TimeLeft timeLeft = new TimeLeft(measurements, plan.repeats());
    Map<Boolean, List<Measurement>> onFiles =
        measurements.stream()
            .collect(
                Collectors.partitioningBy(
                    measurement -> measurement.scenario().workload().isOnFiles()));
    Rounds.AfterRound write = () -> report.write(results, reports);
    if (!onFiles.get(false).isEmpty()) {
      runOnTopics(plan, setup, onFiles.get(false), timeLeft, results, write);
    }
    FileRounds files = new FileRounds(plan, setup, timeLeft, results);
    for (Measurement measurement : onFiles.get(true)) {
      files.run(measurement, write);
    }
    ResultTable.of(results).forEach(System.out::println);
    System.err.printf(Locale.ROOT, "figures of every run, and a plot: %s%n", reports);
    boolean isMet = true;
    if (plan.acceptance()) {
      List<Goal> goals = Acceptance.goals(results);
      System.out.println();
      ResultTable.ofGoals(goals).forEach(System.out::println);
      isMet = goals.stream().allMatch(Goal::isMet);
    }
    return results.allExact() && isMet ? 0 : 1;
  }

  private static void runOnTopics(
      Plan plan,
      Setup setup,
      List<Measurement> measurements,
      TimeLeft timeLeft,
      BenchmarkResults results,
      Rounds.AfterRound afterRound)
      throws NotReadyException, IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker =
            LocalBroker.start(folder.path(), 0, Map.of("num.partitions", "" + plan.parallelism()));
        BenchmarkTopics topics = new BenchmarkTopics(broker.address(), plan.parallelism());
        CdsArchives archives = new CdsArchives(setup, broker, topics, folder.path(), plan.seed())) {
      Rounds rounds = new Rounds(plan, setup, broker, topics, archives, timeLeft, results);
      for (List<Measurement> inTurn : inTurn(measurements)) {
        rounds.run(inTurn, afterRound);
      }
    }
  }

  /** Returns the measurements by workload. Those whose figures are compared are in one list. */
  private static List<List<Measurement>> inTurn(List<Measurement> measurements) {
    return List.copyOf(
        measurements.stream()
            .collect(
                Collectors.groupingBy(
                    measurement -> measurement.scenario().workload().inTurnWith(),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values());
  }

  private static List<Measurement> measurements(Plan plan) {
    List<Measurement> measurements = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      if (!plan.workloads().contains(workload.toString())) {
        continue;
      }
      List<Contender> contenders =
          Arrays.stream(Contender.values())
              .filter(contender -> plan.contenders().contains(contender.toString()))
              .filter(workload::isFor)
              .toList();
      if (contenders.isEmpty()) {
        continue;
      }
      List<Long> sizes =
          plan.visits().isEmpty() || workload.isRated()
              ? workload.sizes(plan.rate())
              : plan.visits();
      for (long visits : sizes) {
        boolean isLast = visits == sizes.get(sizes.size() - 1);
        boolean isWeighed =
            isLast && !plan.skipHeap() && !workload.isRated() && !workload.isOnFiles();
        measurements.add(
            new Measurement(
                new Scenario(workload, visits, false),
                contenders,
                isWeighed ? contenders : List.of()));
        if (plan.archives() && !workload.isRated() && !workload.isOnFiles()) {
          measurements.add(
              new Measurement(new Scenario(workload, visits, true), contenders, List.of()));
        }
      }
    }
    return measurements;
  }

  private static Map<String, Object> task(Plan plan) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("rate", plan.rate());
    task.put("seed", plan.seed());
    task.put("repeats", plan.repeats());
    task.put("parallelism", plan.parallelism());
    task.put("allowed_lateness", plan.allowedLateness().toString());
    task.put("flags", plan.flags());
    return task;
  }
}
