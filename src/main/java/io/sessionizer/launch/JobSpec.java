package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.Edges;
import io.sessionizer.SessionizationPipeline;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A job as its flags describe it.
 *
 * @param settings what it does
 * @param options the same as Beam's options, for the runner, with those of the runner
 * @param launcher how it is run
 * @param topicsCommand the command that creates its topics, for a message
 */
public record JobSpec(
    Settings settings, SessionizationOptions options, Launcher launcher, String topicsCommand) {

  /** Creates the pipeline, see {@link #pipeline(PipelineOptions, Edges)}. */
  public Pipeline pipeline(Edges edges) {
    return pipeline(options, edges);
  }

  /**
   * Creates the pipeline for a variant of the options. The user's settings for Kafka, which may be
   * secrets, leave the options: runners send those to every step, log them, and show them.
   */
  Pipeline pipeline(PipelineOptions variant, Edges edges) {
    SessionizationOptions own = variant.as(SessionizationOptions.class);
    own.setConsumerConfig(Map.of());
    own.setProducerConfig(Map.of());
    Pipeline pipeline = Pipeline.create(own);
    SessionizationPipeline.assemble(pipeline, edges, settings.policy(), settings.engine());
    return pipeline;
  }

  /** Whether the job counts anything. */
  public boolean hasMetrics() {
    return launcher.hasMetrics(options);
  }

  /** Logs what the job does, where, and with which engine. */
  void log() {
    if (settings.files() != null) {
      LOG.info("{} on {}", settings, options.getRunner().getSimpleName());
      return;
    }
    String reason =
        options.getEngine() == null ? launcher.defaultEngine(options).reason() : "as requested";
    LOG.info(
        "{} on {}, engine {} ({})",
        settings,
        options.getRunner().getSimpleName(),
        settings.engine().flagValue(),
        reason);
  }

  /**
   * Returns the runner's flags that have another default here than the runner's own, as they are in
   * force: {@code --objectReuse=true ...}.
   */
  String runnerFlags() {
    String runner = "--runner=" + options.getRunner().getSimpleName();
    // Where the job runs is in another line.
    List<String> where = new ArrayList<>(List.of(runner, "--flinkMaster="));
    if (settings.files() != null) {
      where.add("--input=" + settings.files().showsInput());
    }
    GivenFlags named = new GivenFlags(where);
    return FlagReader.inForce(
        launcher.defaults(named).stream().map(GivenFlags::name).distinct().toList(), options);
  }
}
