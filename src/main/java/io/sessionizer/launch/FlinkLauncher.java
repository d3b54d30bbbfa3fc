package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.Edges;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.launch.flink.FlinkFlags;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.sessions.Engine;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The ways to run the job on Flink, wherever that is. */
sealed interface FlinkLauncher extends Launcher
    permits EmbeddedFlinkLauncher, FlinkClusterLauncher, InsideFlinkLauncher {
  String RUNNER = "flinkrunner";

  /** Beam's session windows leak on Flink, two objects per session for ever; state does not. */
  @Override
  default DefaultEngine defaultEngine(SessionizationOptions options) {
    return new DefaultEngine(Engine.STATEFUL, "the default on Flink, where session windows leak");
  }

  @Override
  default List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    return FlinkFlags.of(options).problems(engine);
  }

  /** Logs what works, but makes some subtasks busier than others. */
  static void logWarnings(JobSpec job) {
    FlinkFlags.of(job.options())
        .warnings(job.settings().engine())
        .forEach(warning -> LOG.warn("{}", warning));
  }

  /** Creates the pipeline of a job. */
  static Pipeline pipeline(JobSpec job, Edges edges) {
    Pipeline pipeline = job.pipeline(edges);
    if (edges.visits() instanceof ReadVisits visits) {
      visits.waitWhenIdle(pipeline);
    }
    return pipeline;
  }

  /**
   * Beam's Flink runner loses what waits for a checkpoint when the input ends, so a job that ends
   * by itself does not wait.
   */
  @Override
  default Delivery delivery(JobSpec job) {
    return FlinkOptions.hasCheckpoints(job.options()) && !job.settings().stopWhenDrained()
        ? Delivery.AFTER_CHECKPOINT
        : Delivery.AT_ONCE;
  }

  @Override
  default boolean resumesState(JobSpec job) {
    return job.options().as(FlinkOptions.class).getSavepointPath() != null;
  }

  @Override
  default boolean hasMetrics(PipelineOptions options) {
    return FlinkOptions.hasMetrics(options);
  }
}
