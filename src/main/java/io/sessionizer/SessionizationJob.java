package io.sessionizer;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobOutcome;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.metrics.JobEndpoint;
import io.sessionizer.process.NativeLibraries;
import io.sessionizer.process.TemporaryFolders;
import java.util.function.Consumer;
import org.apache.beam.sdk.PipelineResult;

/** The job, from flags to exit code; also the main class of a job that a cluster starts. */
public final class SessionizationJob {
  /** The job finished as it was meant to. */
  public static final int DONE = JobOutcome.DONE.exitCode();

  /** The job failed while it ran. */
  public static final int FAILED = JobOutcome.FAILED.exitCode();

  /** The flags cannot be used. */
  public static final int BAD_FLAGS = 2;

  /** A broker, a topic, a port, a file or a Kafka setting cannot be used. */
  public static final int NOT_READY = 3;

  /** The job read records, and accepted none of them. */
  public static final int NONE_ACCEPTED = JobOutcome.NONE_ACCEPTED.exitCode();

  private SessionizationJob() {}

  /**
   * Starts the job on the cluster that has called this, or, if another runner is named, on that.
   *
   * @throws BadFlagsException if the flags cannot be used
   * @throws NotReadyException if no broker responds or a topic is missing
   */
  public static void main(String[] args) throws BadFlagsException, NotReadyException {
    JobSpec job = Flags.parseInCluster(args);
    PipelineResult started = start(job);
    if (job.launcher().isInThisProcess()) {
      started.waitUntilFinish();
    }
  }

  /** Runs the job until it ends, and returns its exit code. */
  public static int run(String... args) {
    try {
      return run(Flags.parse(args));
    } catch (BadFlagsException e) {
      e.problems().forEach(System.err::println);
      return BAD_FLAGS;
    } catch (NotReadyException e) {
      System.err.println(e.getMessage());
      return NOT_READY;
    }
  }

  /** Like {@link #run(JobSpec, Consumer)}. */
  public static int run(JobSpec job) throws BadFlagsException, NotReadyException {
    return run(job, started -> {});
  }

  /**
   * Runs the job, or hands it over if it has no end and a cluster, and returns the exit code.
   *
   * @param onStart is given the job when it has started
   */
  public static int run(JobSpec job, Consumer<PipelineResult> onStart)
      throws BadFlagsException, NotReadyException {
    TemporaryFolders.deleteThoseOfDeadProcesses();
    NativeLibraries.deleteThoseOfDeadProcesses();
    try (JobEndpoint endpoint =
        JobEndpoint.open(job.settings().metrics(), NotReadyException::new)) {
      PipelineResult started = start(job);
      endpoint.watch(started);
      onStart.accept(started);
      if (job.launcher().waitsFor(job)) {
        return JobOutcome.waitFor(job, started).exitCode();
      }
      job.launcher().logDetached(job);
      return DONE;
    }
  }

  /** Starts the job; see {@link io.sessionizer.launch.Launcher#start}. */
  public static PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException {
    return job.launcher().start(job);
  }
}
