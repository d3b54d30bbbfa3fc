package io.sessionizer.bench;

import io.sessionizer.local.LocalBroker;
import io.sessionizer.local.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Has contenders work a backlog off, one at a time, each in a process of its own. */
final class Trial {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Pattern AFTER_FULL_GC = Pattern.compile("Pause Full .*->(\\d+)M\\(");
  private static final int LINES_OF_LOG = 5;

  private final Setup setup;
  private final LocalBroker broker;
  private final Topics topics;
  private int runs;

  Trial(Setup setup, LocalBroker broker, Topics topics) {
    this.setup = setup;
    this.broker = broker;
    this.topics = topics;
  }

  /**
   * Runs a contender.
   *
   * @param weighHeap whether to have a full garbage collection when half of the sessions are out,
   *     to see what is left; the other figures suffer
   */
  Run run(Contender contender, Backlog backlog, boolean weighHeap)
      throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      ContenderCommand command =
          new ContenderCommand(
              setup, broker.address(), backlog.topic(), "run-" + ++runs, folder.path());
      topics.create(command.outputs());
      try {
        return run(contender, command, backlog, weighHeap);
      } finally {
        topics.delete(command.outputs());
      }
    }
  }

  private Run run(
      Contender contender, ContenderCommand command, Backlog backlog, boolean weighHeap)
      throws IOException, InterruptedException {
    Path gcLog = command.folder().resolve("gc");
    double brokerCpu = Machine.cpuSeconds(broker.process());
    double busyCpu = Machine.busyCpuSeconds();
    List<String> javaOptions = weighHeap ? List.of("-Xlog:gc:file=" + gcLog) : List.of();
    try (Child child =
        Child.start(command.of(contender, javaOptions), command.folder())) {
      boolean ended = await(contender, child, command, backlog, weighHeap);
      if (!ended) {
        return Run.failed(
            String.format(
                Locale.ROOT,
                "not finished after %,d s (%,d of %,d sessions)",
                setup.timeout().toSeconds(),
                topics.records(command.sessions()),
                backlog.expected().count()));
      }
      brokerCpu = Machine.cpuSeconds(broker.process()) - brokerCpu;
      busyCpu = Machine.busyCpuSeconds() - busyCpu;
      if (child.exitCode() != 0 && !contender.isStopped()) {
        return Run.failed("exit code " + child.exitCode() + ": " + end(child.log()));
      }
      return figures(command, backlog, child, weighHeap ? gcLog : null, brokerCpu, busyCpu);
    }
  }

  /** Returns whether it ended in time. */
  private boolean await(
      Contender contender,
      Child child,
      ContenderCommand command,
      Backlog backlog,
      boolean weighHeap)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + setup.timeout().toNanos();
    boolean toWeigh = weighHeap;
    while (child.runsAfter(LOOK)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      if (toWeigh || contender.isStopped()) {
        long records = topics.records(command.sessions());
        if (toWeigh && records >= backlog.expected().count() / 2) {
          collectGarbage(child);
          toWeigh = false;
        }
        if (contender.isStopped() && records >= backlog.expected().count()) {
          child.stop();
        }
      }
    }
    return true;
  }

  private Run figures(
      ContenderCommand command,
      Backlog backlog,
      Child child,
      Path gcLog,
      double brokerCpu,
      double busyCpu)
      throws IOException {
    Output output = Output.read(broker.address(), command.sessions(), backlog.expected());
    Checkpoints checkpoints = Checkpoints.in(child.log());
    double cpu = child.cpuSeconds();
    return new Run(
        backlog.expected().problems(output.table()),
        cpu,
        (output.lastMillis() - child.startMillis()) / 1e3,
        backlog.visits() / cpu,
        output.steadyVisitsPerSecond(),
        child.peakBytes(),
        gcLog == null ? 0 : heapAfterGcBytes(gcLog).orElse(0),
        checkpoints.mostBytes(),
        checkpoints.mostMillis(),
        checkpoints.mostBytes() / backlog.expected().openVisits(),
        brokerCpu,
        busyCpu - brokerCpu - cpu);
  }

  private static void collectGarbage(Child child) throws IOException, InterruptedException {
    if (child.java().isPresent()) {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      String pid = String.valueOf(child.java().get().pid());
      new ProcessBuilder(jcmd, pid, "GC.run")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private static OptionalDouble heapAfterGcBytes(Path gcLog) throws IOException {
    return Files.readAllLines(gcLog).stream()
        .map(AFTER_FULL_GC::matcher)
        .filter(Matcher::find)
        .mapToDouble(gc -> Double.parseDouble(gc.group(1)) * (1 << 20))
        .findFirst();
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        " | ", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }
}
