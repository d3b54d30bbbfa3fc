package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.cli.Benchmark;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs contenders on workloads, and compares their figures. */
public final class ContenderBenchmark implements Benchmark {
  private final Path home = Path.of(System.getProperty("sessionizer.home", "."));

  private int runs;

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
    BenchmarkReport report = new BenchmarkReport(setup, task(plan));
    BenchmarkResults results = new BenchmarkResults();
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker =
            LocalBroker.start(folder.path(), 0, Map.of("num.partitions", "" + plan.parallelism()));
        BenchmarkTopics topics = new BenchmarkTopics(broker.address(), plan.parallelism())) {
      for (Workload workload : Workload.values()) {
        if (plan.workloads().contains(workload.toString())) {
          if (workload.isRated()) {
            runRated(workload, plan, setup, broker, topics, results);
          } else {
            run(workload, plan, setup, broker, topics, results);
          }
          report.write(results, reports);
        }
      }
    }
    ResultTable.lines(results).forEach(System.out::println);
    say("figures of every run, and a plot: %s", reports);
    return results.allExact() ? 0 : 1;
  }

  private static List<Contender> contenders(Plan plan) {
    return Arrays.stream(Contender.values())
        .filter(contender -> plan.contenders().contains(contender.toString()))
        .toList();
  }

  private static Map<String, Object> task(Plan plan) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("visits", plan.visits());
    task.put("rate", plan.rate());
    task.put("seed", plan.seed());
    task.put("repeats", plan.repeats());
    task.put("parallelism", plan.parallelism());
    task.put("allowed_lateness", plan.allowedLateness().toString());
    task.put("flags", plan.flags());
    return task;
  }

  private void runRated(
      Workload workload,
      Plan plan,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      BenchmarkResults results)
      throws NotReadyException, IOException, InterruptedException {
    Task task = Task.of(workload, workload.traffic(RatedTrial.visits(plan.rate()), plan.seed()));
    describe(workload, task);
    for (int round = 1; round <= plan.repeats(); round++) {
      for (Contender contender : contenders(plan)) {
        if (results.problem(workload, contender).isEmpty()) {
          note(
              results,
              workload,
              contender,
              round,
              RatedTrial.run(contender, setup, broker, topics, task, nextName(), plan.rate()));
        }
      }
    }
  }

  private void run(
      Workload workload,
      Plan plan,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      BenchmarkResults results)
      throws NotReadyException, IOException, InterruptedException {
    Task task = Task.of(workload, workload.traffic(plan.visits(), plan.seed()));
    describe(workload, task);
    String topic = workload + "-visits";
    topics.create(List.of(topic));
    int rounds = plan.skipHeap() ? plan.repeats() : plan.repeats() + 1;
    try (Backlog backlog = Backlog.write(broker.address(), topic, plan.parallelism(), task)) {
      for (int round = 1; round <= rounds; round++) {
        for (Contender contender : contenders(plan)) {
          if (results.problem(workload, contender).isEmpty()) {
            boolean weighHeap = round > plan.repeats();
            note(
                results,
                workload,
                contender,
                round,
                Trial.run(contender, setup, broker, topics, backlog, nextName(), weighHeap));
          }
        }
      }
    }
    topics.deleteAll(topic);
  }

  private String nextName() {
    return "run-" + ++runs;
  }

  private static void describe(Workload workload, Task task) {
    say(
        "%s: %,d visits; %,d sessions are compared; on average %,.0f visits are in open ones",
        workload, task.size(), task.expected().count(), task.expected().openVisits());
  }

  private static void note(
      BenchmarkResults results, Workload workload, Contender contender, int round, Run run) {
    results.add(workload, contender, run);
    say("%s, %s, %s", workload, contender, inShort(run, round));
  }

  private static String inShort(Run run, int round) {
    if (!run.isExact()) {
      return run.problem();
    }
    return run.heapAfterGcBytes() > 0
        ? String.format(Locale.ROOT, "heap: %,.0f MB live", run.heapAfterGcBytes() / (1 << 20))
        : String.format(
            Locale.ROOT,
            "%d: %,.0f visits/CPU-s, %,.0f visits/s, %.1f s, exact (CPU: %.1f s, broker %.1f s,"
                + " others %.1f s)",
            round,
            run.visitsPerCpuSecond(),
            run.steadyVisitsPerSecond(),
            run.wallSeconds(),
            run.cpuSeconds(),
            run.brokerCpuSeconds(),
            run.othersCpuSeconds());
  }

  private static void say(String format, Object... args) {
    System.err.println(String.format(Locale.ROOT, format, args));
  }
}
