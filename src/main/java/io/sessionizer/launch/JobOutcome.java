package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.Shutdown;
import io.sessionizer.files.LinePosition;
import io.sessionizer.files.StandardOutput;
import io.sessionizer.files.UnusableFileException;
import io.sessionizer.launch.flink.UnreadableState;
import io.sessionizer.metrics.JobProgress;
import io.sessionizer.process.OutOfMemory;
import java.io.IOException;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How a job finished. */
public enum JobOutcome {
  /** As it was meant to. */
  DONE(0),
  /** It failed while it ran, or was cancelled. */
  FAILED(1),
  /** As it was meant to, but none of the records that it read was accepted. */
  NONE_ACCEPTED(4);

  private final int exitCode;

  JobOutcome(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The exit code of a process that ran the job. */
  public int exitCode() {
    return exitCode;
  }

  /**
   * Waits until a job finishes, and logs what it counted. A signal to end the JVM cancels the job,
   * so that it leaves no half-closed connection and no noise behind.
   *
   * @throws NotReadyException if the job cannot read the state that it was to start from
   */
  public static JobOutcome waitFor(JobSpec job, PipelineResult started) throws NotReadyException {
    AtomicBoolean cancelled = new AtomicBoolean();
    Runnable cancel = () -> cancel(job, started, cancelled);
    Shutdown.first(cancel);
    StandardOutput.whenClosed(() -> stop(started));
    try {
      PipelineResult.State state = started.waitUntilFinish();
      if (StandardOutput.isClosed()) {
        return DONE;
      }
      if (state == PipelineResult.State.DONE) {
        return counted(job, started);
      }
      if (!cancelled.get()) {
        LOG.error("the job is {}", state);
      }
      return FAILED;
    } catch (RuntimeException | Error e) {
      OutOfMemory.endIfCauseOf(e);
      if (StandardOutput.isClosed()) {
        return DONE;
      }
      Optional<String> unreadable = UnreadableState.reason(e);
      if (unreadable.isPresent()) {
        throw new NotReadyException(unreadable.get());
      }
      // A job that is cancelled in the middle of something may fail at that.
      if (!cancelled.get()) {
        logFailure(e);
      }
      return FAILED;
    } finally {
      Shutdown.remove(cancel);
    }
  }

  private static JobOutcome counted(JobSpec job, PipelineResult done) {
    if (!job.hasMetrics()) {
      LOG.info("done; nothing was counted, because of --disableMetrics=true");
      return DONE;
    }
    JobProgress progress = JobProgress.of(done);
    if (job.settings().files() == null) {
      LOG.info(
          "done: {} read{}, {} too late, {}, {} written",
          CountedNoun.inLog(progress.visitsRead(), "record"),
          leftOut(progress),
          progress.visitsLate(),
          CountedNoun.inLog(progress.visitsRejected(), "dead letter"),
          CountedNoun.inLog(progress.sessionsWritten(), "session record"));
    } else {
      LOG.info(
          "done: {} read{}, {}, {} written",
          CountedNoun.inLog(progress.visitsRead(), "record"),
          leftOut(progress),
          CountedNoun.inLog(progress.visitsRejected(), "dead letter"),
          CountedNoun.inLog(progress.sessionsWritten(), "session"));
    }
    if (job.settings().openVisits() != null) {
      logSeam(job.settings(), progress);
    }
    JobOutcome outcome = progress.hasAcceptedNone() ? NONE_ACCEPTED : DONE;
    if (outcome == NONE_ACCEPTED) {
      LOG.warn(
          "none of {} accepted: exit code {}",
          CountedNoun.inLog(progress.visitsRead(), "record"),
          outcome.exitCode());
    }
    if (progress.visitsRejected() > 0) {
      LOG.warn(
          "{} of {} rejected: {}; {} shows them",
          progress.visitsRejected(),
          CountedNoun.inLog(progress.visitsRead(), "record"),
          job.settings().files() == null
              ? progress.rejections()
              : progress.rejections().withPositions(LinePosition::of),
          job.settings().showsDeadLetters());
    }
    return outcome;
  }

  /** Says how many of the records that were read were left out, if any were. */
  private static String leftOut(JobProgress progress) {
    StringJoiner counts = new StringJoiner(", ", " (", ")").setEmptyValue("");
    if (progress.visitsFiltered() > 0) {
      counts.add(progress.visitsFiltered() + " filtered");
    }
    if (progress.visitsExcluded() > 0) {
      counts.add(progress.visitsExcluded() + " excluded");
    }
    return counts.toString();
  }

  private static void logSeam(Settings settings, JobProgress progress) {
    if (settings.files() == null) {
      LOG.info("skipped {} before the seam", CountedNoun.inLog(progress.visitsOverlap(), "visit"));
    } else {
      LOG.info(
          "skipped {} from the seam on; wrote {} of open sessions to {}",
          CountedNoun.inLog(progress.visitsOverlap(), "visit"),
          CountedNoun.inLog(progress.visitsOpen(), "visit"),
          settings.openVisits());
    }
  }

  private static void cancel(JobSpec job, PipelineResult started, AtomicBoolean cancelled) {
    cancelled.set(true);
    LOG.info("{}", stopping(job.settings().files()));
    stop(started);
  }

  private static String stopping(@Nullable FileNames files) {
    if (files == null) {
      return "stopping the job; sessions that are still open are not written";
    }
    return files.output() == null || files.writesStandardOutput()
        ? "stopping the job; not all sessions are written"
        : "stopping the job; what it has written to %s is deleted".formatted(files.output());
  }

  private static void stop(PipelineResult job) {
    try {
      job.cancel();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("the job cannot be cancelled: {}", e.getMessage());
    }
  }

  private static void logFailure(Throwable e) {
    Optional<String> unusable = UnusableFileException.messageOf(e);
    if (unusable.isPresent()) {
      LOG.error("the job failed: {}", unusable.get());
    } else {
      LOG.error("the job failed: {}", rootCause(e), e);
    }
  }

  /** Returns the innermost cause of an exception. */
  static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }
}
