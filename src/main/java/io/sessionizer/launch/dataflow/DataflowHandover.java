package io.sessionizer.launch.dataflow;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the job to Dataflow, but first checks which jobs run there. */
public final class DataflowHandover {
  private static final Logger LOG = LoggerFactory.getLogger(DataflowHandover.class);

  private final SessionizationOptions options;
  private final DataflowFlags flags;
  private final JobsApi jobs;
  private final Optional<String> running;

  private DataflowHandover(
      SessionizationOptions options, DataflowFlags flags, JobsApi jobs, Optional<String> running) {
    this.options = options;
    this.flags = flags;
    this.jobs = jobs;
    this.running = running;
  }

  /**
   * Queries from Dataflow whether the job can be handed over: it is new, or there is one to update.
   * A template needs no query, since it is started by others, later.
   *
   * @throws NotReadyException if not
   */
  public static DataflowHandover prepare(SessionizationOptions options) throws NotReadyException {
    DataflowFlags flags = DataflowFlags.of(options);
    JobsApi jobs = JobsApi.of(flags, options);
    Optional<String> running = flags.isTemplate() ? Optional.empty() : jobs.active();
    if (running.isPresent() && !flags.update()) {
      throw new NotReadyException(
          "a job named %s runs in %s already (%s): replace it with --update, or give this one another --jobName"
              .formatted(flags.jobName(), flags.region(), running.get()));
    }
    if (running.isEmpty() && flags.update()) {
      throw new NotReadyException(
          "no job named %s runs in %s: there is nothing to update; leave out --update"
              .formatted(flags.jobName(), flags.region()));
    }
    return new DataflowHandover(options, flags, jobs, running);
  }

  /** Divides partitions among that many readers at most, unless the user says how many. */
  public void divideAmongReaders(int partitions) {
    DataflowOptions dataflow = options.as(DataflowOptions.class);
    if (dataflow.getDesiredNumUnboundedSourceSplits() < 1) {
      // The runner's own number depends on how many workers there may be.
      dataflow.setDesiredNumUnboundedSourceSplits(partitions);
    }
  }

  /**
   * Hands the job over.
   *
   * @param pipeline makes the job for options
   * @throws NotReadyException if it cannot replace the one that runs, or is not taken
   */
  public PipelineResult submit(Function<PipelineOptions, Pipeline> pipeline)
      throws NotReadyException {
    String unmade =
        "cannot create a job for Dataflow with --tempLocation=%s".formatted(flags.tempLocation());
    if (running.isPresent()) {
      UpdateCheck.requireSuccessors(
          jobs.steps(running.get()),
          attempt(unmade, () -> DryRun.steps(options, pipeline)),
          flags.transformNameMapping());
    }
    Pipeline made = attempt(unmade, () -> pipeline.apply(options));
    PipelineResult job = attempt("Dataflow rejected the job", made::run);
    if (flags.isTemplate()) {
      LOG.info("the template is at {}", flags.templateLocation());
    } else {
      String id = id(job);
      LOG.info("job {}: {}", id, flags.console(id));
    }
    return job;
  }

  private static <T> T attempt(String whatIfItFails, Supplier<T> work) throws NotReadyException {
    try {
      return work.get();
    } catch (RuntimeException e) {
      LOG.debug("handing over the job", e);
      throw new NotReadyException(whatIfItFails + ": " + GoogleError.inOneLine(e));
    }
  }

  /** The runner's own kind of result has an id. */
  private static String id(PipelineResult job) {
    try {
      return String.valueOf(job.getClass().getMethod("getJobId").invoke(job));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Beam's runner for Dataflow is another one", e);
    }
  }
}
