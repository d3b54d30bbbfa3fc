package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.cli.Benchmark.Plan;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs contenders in turn, round by round, and records the results. */
final class Rounds {
  private final Plan plan;
  private final Setup setup;
  private final LocalBroker broker;
  private final BenchmarkTopics topics;
  private final CdsArchives archives;
  private final BenchmarkResults results;
  private final TimeLeft timeLeft;
  private int runs;

  /** Called after each round. */
  interface AfterRound {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Creates the rounds of all measurements.
   *
   * @param timeLeft counts each run
   * @param results receives the runs
   */
  Rounds(
      Plan plan,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      CdsArchives archives,
      TimeLeft timeLeft,
      BenchmarkResults results) {
    this.plan = plan;
    this.setup = setup;
    this.broker = broker;
    this.topics = topics;
    this.archives = archives;
    this.results = results;
    this.timeLeft = timeLeft;
  }

  /** Runs measurements in turn. Their visits are generated once, for all contenders and rounds. */
  void run(List<Measurement> measurements, AfterRound afterRound)
      throws NotReadyException, IOException, InterruptedException {
    Map<Scenario, Task> tasks = new LinkedHashMap<>();
    Map<Scenario, Backlog> backlogs = new LinkedHashMap<>();
    try {
      for (Measurement measurement : measurements) {
        prepare(withoutArchives(measurement.scenario()), tasks, backlogs);
      }
      for (int round = 1; round <= plan.repeats() + 1; round++) {
        for (Measurement measurement : measurements) {
          Scenario visits = withoutArchives(measurement.scenario());
          run(measurement, round, tasks.get(visits), backlogs.get(visits));
        }
        afterRound.run();
      }
    } finally {
      for (Backlog backlog : backlogs.values()) {
        backlog.close();
        topics.deleteAll(backlog.topic());
      }
    }
  }

  private static Scenario withoutArchives(Scenario scenario) {
    return new Scenario(scenario.workload(), scenario.visits(), false);
  }

  private void prepare(
      Scenario scenario, Map<Scenario, Task> tasks, Map<Scenario, Backlog> backlogs)
      throws IOException, InterruptedException {
    if (tasks.containsKey(scenario)) {
      return;
    }
    Task task = new Task(scenario.workload(), scenario.visits(), plan.seed());
    say(
        "%s; %,d sessions are compared; on average %,.0f visits are in open ones",
        scenario, task.expected().count(), task.expected().openVisits());
    tasks.put(scenario, task);
    if (!scenario.workload().isRated()) {
      String topic = scenario.workload() + "-" + scenario.visits() + "-visits";
      topics.create(List.of(topic));
      backlogs.put(scenario, Backlog.write(broker.address(), topic, plan.parallelism(), task));
    }
  }

  private void run(Measurement measurement, int round, Task task, Backlog backlog)
      throws NotReadyException, IOException, InterruptedException {
    Scenario scenario = measurement.scenario();
    boolean weighHeap = round > plan.repeats();
    for (Contender contender : weighHeap ? measurement.weighed() : measurement.contenders()) {
      if (results.problem(scenario, contender).isEmpty()) {
        List<String> options =
            scenario.archives() ? archives.options(contender) : List.<String>of();
        String name = "run-" + ++runs;
        long startNanos = System.nanoTime();
        Run run =
            scenario.workload().isRated()
                ? RatedTrial.run(contender, setup, broker, topics, task, name, plan.rate())
                : Trial.run(contender, setup, broker, topics, backlog, name, options, weighHeap);
        results.add(scenario, contender, run);
        timeLeft.count(measurement, contender, Duration.ofNanos(System.nanoTime() - startNanos));
        say(
            "%s: %s, %s (about %s left)",
            scenario, contender, inShort(run, round), timeLeft.formatted());
      } else {
        timeLeft.skip(measurement, contender);
      }
    }
  }

  private static String inShort(Run run, int round) {
    if (!run.isExact()) {
      return run.problem();
    }
    return run.heapAfterGcBytes() > 0
        ? String.format(
            Locale.ROOT,
            "heap: %,.0f MB live, %,.0f bytes per open visit",
            run.heapAfterGcBytes() / (1 << 20),
            run.heapBytesPerOpenVisit())
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

  static void say(String format, Object... args) {
    System.err.println(String.format(Locale.ROOT, format, args));
  }
}
