package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.flink.FlinkDefaults;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.launch.flink.RestoredState;
import io.sessionizer.launch.flink.UnreadableState;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/**
 * The Flink cluster that has called this code; where there is none, a Flink in this process.
 *
 * @param isCalledByCluster whether there is one, which takes the job from the thread that calls
 */
record InsideFlinkLauncher(boolean isCalledByCluster) implements FlinkLauncher {
  /** Returns what names that cluster, unless {@code given} names another runner. */
  static List<String> unlessNamed(GivenFlags given) {
    return Launcher.runner(given, RUNNER).equals(RUNNER)
        ? given.missing(
            List.of("--runner=FlinkRunner", "--flinkMaster=" + FlinkOptions.SURROUNDING))
        : List.of();
  }

  @Override
  public List<String> defaults(GivenFlags given) {
    return FlinkDefaults.surrounding(given);
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    KafkaEdges kafka = KafkaEdges.prepare(job);
    FlinkLauncher.logWarnings(job);
    Pipeline pipeline = FlinkLauncher.pipeline(job, kafka.edges());
    return isCalledByCluster ? inCluster(pipeline) : BackgroundJob.start(pipeline, kafka.end());
  }

  /** Not known of a job that the cluster recovers, which is the one that it has saved, not this. */
  @Override
  public boolean resumesState(JobSpec job) {
    return FlinkLauncher.super.resumesState(job)
        || (isCalledByCluster && RestoredState.isConfiguredHere());
  }

  private static PipelineResult inCluster(Pipeline pipeline) throws NotReadyException {
    try {
      return pipeline.run();
    } catch (RuntimeException e) {
      throw UnreadableState.reason(e).map(NotReadyException::new).orElseThrow(() -> e);
    }
  }

  @Override
  public boolean waitsFor(JobSpec job) {
    return true;
  }
}
