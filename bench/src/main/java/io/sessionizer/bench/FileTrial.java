package io.sessionizer.bench;

import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One contender makes files of sessions of files of visits, in a process of its own. */
final class FileTrial {
  private static final Duration LOOK = Duration.ofMillis(100);

  private FileTrial() {}

  /** Runs a contender. */
  static Run run(Contender contender, Setup setup, FileBacklog backlog)
      throws NotReadyException, IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      FileCommand command = new FileCommand(setup, backlog.folder(), folder.path());
      List<String> line = command.of(contender);
      double busyBefore = Machine.busyCpuSeconds();
      long startNanos = System.nanoTime();
      try (Child child = Child.start(line, folder.path())) {
        while (child.runsAfter(LOOK)) {
          if (System.nanoTime() - startNanos > setup.timeout().toNanos()) {
            return Run.failed(
                String.format(
                    Locale.ROOT, "not finished after %,d s", setup.timeout().toSeconds()));
          }
        }
        double wall = (System.nanoTime() - startNanos) / 1e9;
        if (child.exitCode() != 0) {
          return Run.failed("exit code " + child.exitCode() + ": " + child.endOfLog());
        }
        double cpu = child.cpuSeconds();
        double others = Machine.busyCpuSeconds() - busyBefore - cpu;
        return Run.onFiles(
            problems(command, backlog.task()),
            cpu,
            wall,
            backlog.task().size(),
            child.peakBytes(),
            others);
      }
    }
  }

  private static String problems(FileCommand command, Task task) {
    try {
      return task.expected().problems(FileOutput.read(command.output()));
    } catch (IOException e) {
      return "" + e.getMessage();
    }
  }
}
