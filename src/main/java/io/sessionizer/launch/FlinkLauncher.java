package io.sessionizer.launch;

import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.launch.flink.FlinkFlags;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.sessions.Engine;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The ways to run the job on Flink, wherever that is. */
sealed interface FlinkLauncher extends Launcher
    permits EmbeddedFlinkLauncher, FlinkClusterLauncher, InsideFlinkLauncher {
  String RUNNER = "flinkrunner";

  /** Beam's session windows leak on Flink, two objects per session for ever; state does not. */
  @Override
  default DefaultEngine defaultEngine(SessionizationOptions options) {
    return options.as(StreamingOptions.class).isStreaming()
        ? new DefaultEngine(
            Engine.STATEFUL, "the default on streaming Flink, where session windows leak")
        : DefaultEngine.WINDOWS;
  }

  @Override
  default List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    return FlinkFlags.of(options).problems(engine);
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
  default boolean hasMetrics(PipelineOptions options) {
    return FlinkOptions.hasMetrics(options);
  }
}
