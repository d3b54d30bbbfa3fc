package io.sessionizer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A contender's process. A shell starts it, waits for it, and writes down what CPU time it has
 * taken from its start to its very end: of a process that is gone, only its parent gets that.
 */
final class Child implements AutoCloseable {
  private static final String WAIT_AND_WRITE_TIMES =
      "trap '' INT TERM; (trap - INT TERM; exec \"$@\"); code=$?; times > \"$0\"; exit $code";
  private static final Pattern TIME = Pattern.compile("(\\d+)m([\\d.]+)s");

  /** It may write a class-data archive when it ends. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int LINES_OF_LOG = 5;

  private final Process shell;
  private final Path times;
  private final Path log;
  private final Thread hook = new Thread(this::kill, "kill-contender");
  private final long startMillis = System.currentTimeMillis();
  private long peakBytes;

  private Child(Process shell, Path times, Path log) {
    this.shell = shell;
    this.times = times;
    this.log = log;
  }

  /** Starts a command whose outputs go to a log file in a folder. */
  static Child start(List<String> command, Path folder) throws IOException {
    Path times = folder.resolve("times");
    Path log = folder.resolve("log");
    List<String> line = new ArrayList<>(List.of("sh", "-c", WAIT_AND_WRITE_TIMES, "" + times));
    line.addAll(command);
    Process shell =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Child child = new Child(shell, times, log);
    Runtime.getRuntime().addShutdownHook(child.hook);
    return child;
  }

  /** Returns when it was started, in epoch milliseconds. */
  long startMillis() {
    return startMillis;
  }

  /** Returns the file with its outputs. */
  Path log() {
    return log;
  }

  /** Returns the last lines of its outputs. */
  String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        " | ", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }

  /** Waits a while; returns whether it still runs. */
  boolean runsAfter(Duration pause) throws InterruptedException {
    boolean ended = shell.waitFor(pause.toMillis(), TimeUnit.MILLISECONDS);
    java()
        .ifPresent(java -> peakBytes = Math.max(peakBytes, Machine.peakResidentBytes(java.pid())));
    return !ended;
  }

  /** Returns the most memory that it was seen to have. */
  long peakBytes() {
    return peakBytes;
  }

  /** Returns the contender's own process, while it runs. */
  Optional<ProcessHandle> java() {
    return shell.descendants().filter(process -> process.children().findAny().isEmpty()).findAny();
  }

  /** Returns the CPU time that the contender has taken so far, in seconds; 0 if it has ended. */
  double cpuSecondsSoFar() {
    return java().map(Machine::cpuSeconds).orElse(0.0);
  }

  /** Has it make a full garbage collection. */
  void collectGarbage() throws IOException, InterruptedException {
    if (java().isPresent()) {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      new ProcessBuilder(jcmd, String.valueOf(java().get().pid()), "GC.run")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** Interrupts it, as Ctrl-C does, and waits. */
  void stop() throws InterruptedException {
    java().ifPresent(ProcessHandle::destroy);
    if (!shell.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      shell.waitFor();
    }
  }

  /** Returns its exit code, when it has ended. */
  int exitCode() {
    return shell.exitValue();
  }

  /** Returns the CPU time that it has taken, in seconds, when it has ended. */
  double cpuSeconds() throws IOException {
    // The first line is the shell's own, the second one that of its children.
    Matcher time = TIME.matcher(Files.readAllLines(times).get(1));
    double seconds = 0;
    while (time.find()) {
      seconds += 60 * Double.parseDouble(time.group(1)) + Double.parseDouble(time.group(2));
    }
    return seconds;
  }

  /** Ends it, if it has not ended, and waits until it is gone. */
  @Override
  public void close() {
    kill();
    shell.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends, and the hook runs.
    }
  }

  private void kill() {
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
  }
}
