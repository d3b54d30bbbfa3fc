package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.sessions.Engine;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Beam's own runner, in this process; also any other one that is on the class path. */
final class DirectLauncher implements Launcher {
  static final String RUNNER = "directrunner";

  private static final List<String> DEFAULTS =
      List.of(
          // Without it run() does not return before the end, and nothing could cancel the job.
          "--blockOnRun=false",
          // Bundles in parallel overtake each other: a correction could be written before the
          // session that it corrects.
          "--targetParallelism=1",
          // A check for tests, which have it on: it takes time, and KafkaIO's own coder for
          // records of bytes fails it, with a warning per record.
          "--enforceImmutability=false");

  @Override
  public List<String> defaults(GivenFlags given) {
    return Launcher.runner(given, RUNNER).equals(RUNNER) ? given.missing(DEFAULTS) : List.of();
  }

  @Override
  public DefaultEngine defaultEngine(SessionizationOptions options) {
    return options.getRunner().getSimpleName().toLowerCase(Locale.ROOT).equals(RUNNER)
        ? new DefaultEngine(Engine.STATEFUL, "the default, at less CPU time than windows")
        : DefaultEngine.WINDOWS;
  }

  @Override
  public List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    return List.of();
  }

  /** Returns what is wrong with this runner's parallelism, which other runners ignore. */
  static List<String> parallelismProblems(SessionizationOptions options) {
    int parallelism = FlagReader.values(options).path("targetParallelism").asInt(1);
    return parallelism < 1
        ? List.of("--targetParallelism=" + parallelism + ": must be 1 or more")
        : List.of();
  }

  /** There are no checkpoints that output could wait for. */
  @Override
  public Delivery delivery(JobSpec job) {
    return Delivery.AT_ONCE;
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    JobEdges edges = JobEdges.prepare(job);
    return BackgroundJob.start(job.pipeline(edges.edges()), edges.end());
  }

  @Override
  public boolean resumesState(JobSpec job) {
    return false;
  }

  @Override
  public boolean isInThisProcess() {
    return true;
  }

  @Override
  public boolean waitsFor(JobSpec job) {
    return true;
  }
}
