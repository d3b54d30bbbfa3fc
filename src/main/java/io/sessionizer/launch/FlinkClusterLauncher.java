package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.launch.flink.ClusterCheck;
import io.sessionizer.launch.flink.FlinkDefaults;
import io.sessionizer.launch.flink.FlinkFlags;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.launch.flink.JobJar;
import io.sessionizer.launch.flink.UnreadableState;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A Flink cluster, which gets the job over its REST API. */
final class FlinkClusterLauncher implements FlinkLauncher {
  @Override
  public List<String> defaults(GivenFlags given) {
    return FlinkDefaults.cluster(given);
  }

  @Override
  public List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    List<String> problems = new ArrayList<>(FlinkFlags.problemsOfAddress(master(options)));
    problems.addAll(MetricsPort.problemsElsewhere(options));
    problems.addAll(FlinkLauncher.super.problems(options, engine));
    return problems;
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    FlinkOptions flink = job.options().as(FlinkOptions.class);
    String master = flink.getFlinkMaster();
    ClusterCheck check = ClusterCheck.of(master);
    check.requireVersion();
    if (flink.getStateBackendStoragePath() == null) {
      check.requireCheckpointFolder();
    }
    int freeSlots = check.freeSlots();
    KafkaEdges kafka = KafkaEdges.prepare(job);
    if (flink.getParallelism() < 1) {
      flink.setParallelism(Math.min(freeSlots, kafka.partitions()));
    }
    LOG.info("--flinkMaster={} --parallelism={}", master, flink.getParallelism());
    FlinkLauncher.logWarnings(job);
    Pipeline pipeline = FlinkLauncher.pipeline(job, kafka.edges());
    try {
      return BackgroundJob.of(pipeline.run(), kafka.end());
    } catch (RuntimeException e) {
      LOG.debug("handing over the job", e);
      throw new NotReadyException(
          "Flink at %s rejected the job: %s"
              .formatted(
                  master,
                  UnreadableState.reason(e).orElseGet(() -> JobOutcome.rootCause(e).getMessage())));
    }
  }

  /** A job without end is only handed over. */
  @Override
  public boolean waitsFor(JobSpec job) {
    return job.settings().stopWhenDrained();
  }

  @Override
  public void logDetached(JobSpec job) {
    LOG.info(
        "the job runs until it is stopped: {}",
        ClusterCheck.of(master(job.options())).webInterface());
  }

  @Override
  public Optional<String> submittedJar() {
    return Optional.of(JobJar.NAME);
  }

  private static String master(SessionizationOptions options) {
    return options.as(FlinkOptions.class).getFlinkMaster();
  }
}
