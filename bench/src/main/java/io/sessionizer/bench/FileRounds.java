package io.sessionizer.bench;

import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.cli.Benchmark.Plan;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Runs contenders on files in turn, round by round, and records the results. */
final class FileRounds {
  private final Plan plan;
  private final Setup setup;
  private final TimeLeft timeLeft;
  private final BenchmarkResults results;

  /**
   * Creates the rounds.
   *
   * @param results receives the runs
   */
  FileRounds(Plan plan, Setup setup, TimeLeft timeLeft, BenchmarkResults results) {
    this.plan = plan;
    this.setup = setup;
    this.timeLeft = timeLeft;
    this.results = results;
  }

  /** Runs a measurement, whose visits are generated once. */
  void run(Measurement measurement, Rounds.AfterRound afterRound)
      throws NotReadyException, IOException, InterruptedException {
    Scenario scenario = measurement.scenario();
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Task task = new Task(scenario.workload(), scenario.visits(), plan.seed());
      Rounds.say("%s; %,d sessions are compared", scenario, task.expected().count());
      FileBacklog backlog = FileBacklog.write(folder.path().resolve("visits"), task);
      for (int round = 1; round <= plan.repeats(); round++) {
        for (Contender contender : measurement.contenders()) {
          run(measurement, contender, round, backlog);
        }
        afterRound.run();
      }
    }
  }

  private void run(Measurement measurement, Contender contender, int round, FileBacklog backlog)
      throws NotReadyException, IOException, InterruptedException {
    Scenario scenario = measurement.scenario();
    if (!results.problem(scenario, contender).isEmpty()) {
      timeLeft.skip(measurement, contender);
      return;
    }
    long startNanos = System.nanoTime();
    Run run = FileTrial.run(contender, setup, backlog);
    results.add(scenario, contender, run);
    timeLeft.count(measurement, contender, Duration.ofNanos(System.nanoTime() - startNanos));
    Rounds.say(
        "%s: %s, %s (about %s left)",
        scenario, contender, inShort(run, round), timeLeft.formatted());
  }

  private static String inShort(Run run, int round) {
    return run.isExact()
        ? String.format(
            Locale.ROOT,
            "%d: %.1f CPU-s, %.1f s, %,.0f MB, exact (others %.1f CPU-s)",
            round,
            run.cpuSeconds(),
            run.wallSeconds(),
            run.peakBytes() / (1 << 20),
            run.othersCpuSeconds())
        : run.problem();
  }
}
