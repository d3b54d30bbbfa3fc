package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.FlagValues;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.launch.dataflow.DataflowDefaults;
import io.sessionizer.launch.dataflow.DataflowFlags;
import io.sessionizer.launch.dataflow.DataflowHandover;
import io.sessionizer.launch.dataflow.DataflowJars;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Google Cloud Dataflow. */
final class DataflowLauncher implements Launcher {
  static final String RUNNER = "dataflowrunner";

  private final @Nullable AbsentFlags absent;

  /** Launches with the runner on the class path. */
  DataflowLauncher() {
    this(null);
  }

  /**
   * Checks flags only, without the runner.
   *
   * @param absent the runner's own flags
   */
  DataflowLauncher(@Nullable AbsentFlags absent) {
    this.absent = absent;
  }

  @Override
  public List<String> defaults(GivenFlags given) {
    return absent == null ? DataflowDefaults.missing(given) : DataflowDefaults.jobName(given);
  }

  @Override
  public DefaultEngine defaultEngine(SessionizationOptions options) {
    return readsFiles(options) ? DefaultEngine.OF_FILES : DefaultEngine.WINDOWS;
  }

  @Override
  public List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    List<String> problems = new ArrayList<>(MetricsPort.problemsElsewhere(options));
    problems.addAll(flags(options).problems(engine, options));
    if (readsFiles(options)) {
      problems.addAll(flags(options).problemsWithFiles(options));
    }
    return problems;
  }

  private static boolean readsFiles(SessionizationOptions options) {
    return !FlagValues.of(options.getInput()).isEmpty();
  }

  @Override
  public boolean readsFiles() {
    return true;
  }

  /** Returns the runner's flags that we know. */
  DataflowFlags flags(SessionizationOptions options) {
    return absent == null ? DataflowFlags.of(options) : DataflowFlags.of(options, absent.values());
  }

  /**
   * The step that waits has state, in front of which the service keeps the output of the steps
   * before. The windows engine, which retracts nothing, does not wait there.
   */
  @Override
  public Delivery delivery(JobSpec job) {
    return job.settings().engine() == Engine.STATEFUL
        ? Delivery.AFTER_CHECKPOINT
        : Delivery.AT_ONCE;
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    DataflowHandover handover = DataflowHandover.prepare(job.options());
    FileNames files = job.settings().files();
    if (files != null) {
      JobEdges edges = FileEdges.ofWorkers(job, files);
      return BackgroundJob.of(
          handover.submit(options -> job.pipeline(options, edges.edges())), edges.end());
    }
    KafkaEdges kafka = KafkaEdges.prepare(job);
    handover.divideAmongReaders(kafka.partitions());
    return handover.submit(options -> job.pipeline(options, kafka.edges()));
  }

  @Override
  public boolean resumesState(JobSpec job) {
    return flags(job.options()).update();
  }

  /** A job without end is only handed over, and a template is not even that. */
  @Override
  public boolean waitsFor(JobSpec job) {
    return (job.settings().stopWhenDrained() || job.settings().files() != null)
        && !flags(job.options()).isTemplate();
  }

  @Override
  public Optional<String> ownJar() {
    return Optional.of(DataflowJars.NAME);
  }
}
