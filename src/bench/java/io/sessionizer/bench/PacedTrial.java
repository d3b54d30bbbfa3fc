package io.sessionizer.bench;

import io.sessionizer.local.KafkaVisitSink;
import io.sessionizer.local.LocalBroker;
import io.sessionizer.local.Pace;
import io.sessionizer.local.TemporaryFolder;
import io.sessionizer.local.VisitFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.CommonClientConfigs;

/** One contender reads visits as they come, in a process of its own. */
final class PacedTrial {
  /** Not counted: the JVM starts, compiles, and sessions begin to come out. */
  static final Duration WARM_UP = Duration.ofSeconds(30);

  /** Counted. */
  static final Duration MEASURED = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(500);

  /** Longer than it is from one checkpoint to the next: then come the last sessions. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  private PacedTrial() {}

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
      Topics topics,
      Task task,
      String name,
      long rate)
      throws IOException, InterruptedException {
    String input = name + "-visits";
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      ContenderCommand command =
          new ContenderCommand(setup, broker.address(), input, false, name, folder.path());
      topics.create(command.outputs());
      topics.create(List.of(input));
      Map<String, Object> client =
          Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
      try (KafkaVisitSink sink = KafkaVisitSink.open(input, client);
          Child child = Child.start(command.of(contender, List.of()), command.folder())) {
        VisitFeed feed = new VisitFeed(task.generate(), sink, new Pace(rate));
        CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> run(feed));
        try {
          return measure(broker, topics, task, command, child, fed, rate);
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
      Topics topics,
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
    long before = -1;
    for (long records = 0; records != before; records = topics.records(command.sessions())) {
      before = records;
      if (!runsFor(QUIET, child)) {
        return Run.failed("ended with exit code " + child.exitCode());
      }
    }
    child.stop();
    Output output = Output.read(broker.address(), command.sessions(), task.expected());
    Checkpoints checkpoints = Checkpoints.in(child.log());
    return new Run(
        task.expected().problems(output.table()),
        cpu,
        seconds,
        rate * seconds / cpu,
        output.steadyVisitsPerSecond(),
        child.peakBytes(),
        0,
        checkpoints.mostBytes(),
        checkpoints.mostMillis(),
        checkpoints.mostBytes() / task.expected().openVisits(),
        clock.brokerSeconds(),
        clock.othersSeconds());
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
