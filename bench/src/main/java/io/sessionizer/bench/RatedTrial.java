package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.VisitFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.CommonClientConfigs;

/** One contender reads visits as they come, in a process of its own. */
final class RatedTrial {
  /**
   * Not counted: the JVM starts, and the first sessions are emitted; at 10,000 visits a second the
   * job's methods are compiled as late as 77 s after the start.
   */
  static final Duration WARM_UP = Duration.ofSeconds(90);

  /** Counted. */
  static final Duration MEASURED = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(500);

  /** Some write sessions when a checkpoint has them, so the last ones take a while. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final double LEAST_OF_RATE = 0.75;

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private RatedTrial() {}

  /** Returns how many visits are needed at a rate. */
  static long visits(long perSecond) {
    return perSecond * WARM_UP.plus(MEASURED).toSeconds();
  }

  /**
   * Runs a contender.
   *
   * @param name begins the names of the run's topics
   * @param rate visits per second
   */
  static Run run(
      Contender contender,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      Task task,
      String name,
      long rate)
      throws NotReadyException, IOException, InterruptedException {
    String input = name + "-visits";
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      ContenderCommand command =
          new ContenderCommand(
              setup, List.of(), broker.address(), input, false, name, folder.path());
      command.writeFlinkConfiguration();
      topics.create(command.outputs());
      topics.create(List.of(input));
      Map<String, Object> client =
          Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
      try (KafkaVisitSink sink = KafkaVisitSink.open(input, client);
          Child child = Child.start(command.of(contender, List.of()), command.folder())) {
        VisitFeed feed = new VisitFeed(task.generate(), sink, new RateLimit(rate));
        CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> run(feed));
        try {
          return measure(broker, task, command, child, fed, rate);
        } finally {
          feed.stop();
          fed.handle((nothing, failure) -> null).join();
        }
      } finally {
        topics.deleteAll(name + "-");
      }
    }
  }

  private static void run(VisitFeed feed) {
    try {
      feed.run(count -> {});
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Run measure(
      LocalBroker broker,
      Task task,
      ContenderCommand command,
      Child child,
      CompletableFuture<Void> fed,
      long rate)
      throws IOException, InterruptedException {
    if (!runsFor(WARM_UP, child)) {
      return Run.failed("ended with exit code " + child.exitCode());
    }
    CpuClock clock = CpuClock.start(broker);
    double cpu = -child.cpuSecondsSoFar();
    long start = System.nanoTime();
    if (!runsFor(MEASURED, child)) {
      return Run.failed("ended with exit code " + child.exitCode());
    }
    cpu += child.cpuSecondsSoFar();
    double seconds = (System.nanoTime() - start) / 1e9;
    clock.stop(cpu);
    fed.join();
    Output output = Output.read(broker.address(), command.sessions(), task.expected());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!task.expected().problems(output.table()).isEmpty() && System.nanoTime() < deadline) {
      if (!runsFor(PAUSE, child)) {
        return Run.failed("ended with exit code " + child.exitCode());
      }
      output = Output.read(broker.address(), command.sessions(), task.expected());
    }
    child.stop();
    Checkpoints checkpoints = Checkpoints.in(child.log());
    return new Run(
        problem(task, output, rate),
        cpu,
        seconds,
        rate * seconds / cpu,
        output.steadyVisitsPerSecond(),
        child.peakBytes(),
        0,
        0,
        0,
        checkpoints.mostBytes(),
        checkpoints.mostMillis(),
        checkpoints.mostBytes() / task.expected().openVisits(),
        clock.brokerSeconds(),
        clock.othersSeconds());
  }

  /** By the sessions, which can come in bursts of a checkpoint: not exact. */
  private static String problem(Task task, Output output, long rate) {
    double steady = output.steadyVisitsPerSecond();
    String wrong = task.expected().problems(output.table());
    return wrong.isEmpty() && steady < LEAST_OF_RATE * rate
        ? String.format(Locale.ROOT, "did not keep up: %,.0f visits/s", steady)
        : wrong;
  }

  private static boolean runsFor(Duration time, Child child) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    boolean runs = true;
    while (runs && System.nanoTime() < end) {
      runs = child.runsAfter(LOOK);
    }
    return runs;
  }
}
