package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.launch.flink.EmbeddedFlink;
import io.sessionizer.launch.flink.EmbeddedMetrics;
import io.sessionizer.launch.flink.FlinkDefaults;
import io.sessionizer.launch.flink.FlinkFlags;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.launch.flink.RestoredState;
import io.sessionizer.launch.flink.TaskLog;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A Flink in this process. */
final class EmbeddedFlinkLauncher implements FlinkLauncher {
  @Override
  public List<String> defaults(GivenFlags given) {
    return FlinkDefaults.embedded(given);
  }

  @Override
  public List<String> problems(SessionizationOptions options, @Nullable Engine engine) {
    FlinkFlags flags = FlinkFlags.of(options);
    List<String> problems = new ArrayList<>(flags.problems(engine));
    problems.addAll(flags.problemsInThisProcess());
    return problems;
  }

  @Override
  public PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    if (job.settings().files() != null) {
      TaskLog.leaveFailuresToJob();
    }
    JobEdges edges = JobEdges.prepare(job);
    FlinkLauncher.logWarnings(job);
    return BackgroundJob.start(
        FlinkLauncher.pipeline(job, edges.edges()),
        EmbeddedFlink::execute,
        EmbeddedFlink::stop,
        edges.end(),
        new EmbeddedMetrics(),
        job.hasMetrics());
  }

  @Override
  public boolean resumesState(JobSpec job) {
    return RestoredState.isConfiguredIn(job.options().as(FlinkOptions.class).getFlinkConfDir());
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
