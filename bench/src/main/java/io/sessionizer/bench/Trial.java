package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One contender works a backlog off, in a process of its own. */
final class Trial {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final int LOOKS_BETWEEN_MARKERS = 8;
  private static final int LOOKS_UNTIL_QUIET = 60;

  /** Of the requested garbage collection; frameworks make others when they start. */
  private static final Pattern AFTER_FULL_GC =
      Pattern.compile("Pause Full \\(Diagnostic Command\\) .*->(\\d+)M\\(");

  /** The parts of the sessions at which the heap is weighed. */
  private static final double[] WEIGHED_AT = {0.25, 0.5, 0.75};

  private static final double MEGA = 1 << 20;

  /** Of processes that were stopped. */
  private static final Set<Integer> STOPPED_ON_REQUEST = Set.of(0, 143);

  private final Contender contender;
  private final Setup setup;
  private final LocalBroker broker;
  private final BenchmarkTopics topics;
  private final Backlog backlog;
  private final ContenderCommand command;

  private final boolean weighHeap;

  /** How often the heap has been weighed. */
  private int weighed;

  private long recordsBefore;
  private int looks;
  private int looksWithoutMore;

  private Trial(
      Contender contender,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      Backlog backlog,
      ContenderCommand command,
      boolean weighHeap) {
    this.contender = contender;
    this.setup = setup;
    this.broker = broker;
    this.topics = topics;
    this.backlog = backlog;
    this.command = command;
    this.weighHeap = weighHeap;
  }

  /**
   * Runs a contender.
   *
   * @param name begins the names of the run's topics
   * @param javaOptions more options of its JVM
   * @param weighHeap whether to have full garbage collections when a quarter, half and three
   *     quarters of the sessions are emitted, to see what is left; the other figures suffer
   */
  static Run run(
      Contender contender,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      Backlog backlog,
      String name,
      List<String> javaOptions,
      boolean weighHeap)
      throws NotReadyException, IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      ContenderCommand command =
          new ContenderCommand(
              setup,
              backlog.task().workload().flags(),
              broker.address(),
              backlog.topic(),
              true,
              name,
              folder.path());
      command.writeFlinkConfiguration();
      topics.create(command.outputs());
      try {
        return new Trial(contender, setup, broker, topics, backlog, command, weighHeap)
            .run(javaOptions);
      } finally {
        topics.deleteAll(name + "-");
      }
    }
  }

  private Run run(List<String> javaOptions) throws IOException, InterruptedException {
    Path gcLog = command.folder().resolve("gc");
    List<String> options = new ArrayList<>(javaOptions);
    options.add("-Xlog:gc:file=" + gcLog);
    CpuClock clock = CpuClock.start(broker);
    try (Child child = Child.start(command.of(contender, options), command.folder())) {
      if (!endsInTime(child)) {
        return Run.failed(
            String.format(
                Locale.ROOT,
                "not finished after %,d s (%,d of %,d sessions)",
                setup.timeout().toSeconds(),
                topics.records(command.sessions()),
                backlog.task().expected().count()));
      }
      if (!STOPPED_ON_REQUEST.contains(child.exitCode())) {
        return Run.failed("exit code " + child.exitCode() + ": " + child.endOfLog());
      }
      double cpu = child.cpuSeconds();
      clock.stop(cpu);
      return figures(child, cpu, clock, gcLog);
    }
  }

  private boolean endsInTime(Child child) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + setup.timeout().toNanos();
    while (child.runsAfter(LOOK)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      if (isToBeWeighed() || contender.isStopped()) {
        look(child);
      }
    }
    return true;
  }

  private void look(Child child) throws IOException, InterruptedException {
    long records = topics.records(command.sessions());
    if (isToBeWeighed() && records >= WEIGHED_AT[weighed] * backlog.task().expected().count()) {
      child.collectGarbage();
      weighed++;
    }
    if (contender.isStopped()) {
      if (++looks % LOOKS_BETWEEN_MARKERS == 0) {
        backlog.moveTimeOn();
      }
      looksWithoutMore = records == recordsBefore ? looksWithoutMore + 1 : 0;
      if (isAllOut(records)) {
        child.stop();
      }
    }
    recordsBefore = records;
  }

  private boolean isToBeWeighed() {
    return weighHeap && weighed < WEIGHED_AT.length;
  }

  /** Of late visits nobody knows how many sessions they make. */
  private boolean isAllOut(long records) {
    return backlog.task().hasLateVisits()
        ? records > 0 && looksWithoutMore > LOOKS_UNTIL_QUIET
        : records >= backlog.task().expected().count();
  }

  private Run figures(Child child, double cpu, CpuClock clock, Path gcLog) throws IOException {
    Task task = backlog.task();
    Output output = Output.read(broker.address(), command.sessions(), task.expected());
    Checkpoints checkpoints = Checkpoints.in(child.log());
    List<Double> heap = weighed == 0 ? List.of() : heapAfterGcBytes(gcLog);
    double open = task.expected().openVisits();
    double half = heap.isEmpty() ? 0 : heap.get(heap.size() / 2);
    return new Run(
        problems(output),
        cpu,
        (output.lastMillis() - child.startMillis()) / 1e3,
        task.size() / cpu,
        output.steadyVisitsPerSecond(),
        child.peakBytes(),
        half,
        half / open,
        heap.size() < WEIGHED_AT.length ? 0 : heap.get(heap.size() - 1) / heap.get(0),
        checkpoints.mostBytes(),
        checkpoints.mostMillis(),
        checkpoints.mostBytes() / open,
        clock.brokerSeconds(),
        clock.othersSeconds());
  }

  private String problems(Output output) {
    String problems = backlog.task().expected().problems(output.table());
    boolean saysWhatWasTooLate = contender.isStateful();
    if (!problems.isEmpty() || !backlog.task().hasLateVisits() || !saysWhatWasTooLate) {
      return problems;
    }
    List<byte[]> tooLate = Output.values(broker.address(), command.lateVisits());
    return backlog.task().expectedWithout(tooLate).problems(output.table());
  }

  private static List<Double> heapAfterGcBytes(Path gcLog) throws IOException {
    return Files.readAllLines(gcLog).stream()
        .map(AFTER_FULL_GC::matcher)
        .filter(Matcher::find)
        .map(gc -> Double.parseDouble(gc.group(1)) * MEGA)
        .toList();
  }
}
