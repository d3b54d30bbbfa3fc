package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.launch.spark.SparkDefaults;
import io.sessionizer.launch.spark.SparkFlags;
import io.sessionizer.launch.spark.SparkJar;
import io.sessionizer.sessions.Engine;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.FileStagingOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Apache Spark, for files: in this process, or on a cluster with its driver in this process. */
final class SparkLauncher implements Launcher {
  static final String RUNNER = "sparkrunner";

  private final @Nullable AbsentFlags absent;

  /** Launches with the runner on the class path. */
  SparkLauncher() {
    this(null);
  }

  /**
   * Checks flags only, without the runner.
   *
   * @param absent the runner's own flags
   */
  SparkLauncher(@Nullable AbsentFlags absent) {
    this.absent = absent;
  }

  @Override
  public List<String> defaults(GivenFlags given) {
    return absent == null ? SparkDefaults.missing(given) : List.of();
  }

  @Override
  public DefaultEngine defaultEngine(SessionizationOptions options) {
    return DefaultEngine.OF_FILES;
  }

  @Override
  public List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    return flags(options).problems();
  }

  private SparkFlags flags(SessionizationOptions options) {
    return absent == null ? SparkFlags.of(options) : SparkFlags.of(options, absent.values());
  }

  @Override
  public Delivery delivery(JobSpec job) {
    return Delivery.AT_ONCE;
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    JobEdges edges = JobEdges.prepare(job);
    FileStagingOptions staging = job.options().as(FileStagingOptions.class);
    if (staging.getFilesToStage() == null) {
      // Else Beam sends everything that is on the class path, Spark included.
      staging.setFilesToStage(flags(job.options()).prepare());
    }
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

  @Override
  public Optional<String> ownJar() {
    return Optional.of(SparkJar.NAME);
  }
}
