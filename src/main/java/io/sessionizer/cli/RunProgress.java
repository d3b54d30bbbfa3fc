package io.sessionizer.cli;

import io.sessionizer.config.FileNames;
import io.sessionizer.files.InputProgress;
import io.sessionizer.metrics.JobProgress;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.beam.sdk.PipelineResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The progress of a job on files, with an estimate of the time left, on a terminal. First the files
 * are read, then the sessions of the visits are formed.
 */
final class RunProgress implements AutoCloseable {
  private static final long KILOBYTE = 1_000;
  private static final long MEGABYTE = 1_000_000;
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** The share of reading in the whole duration, about. */
  private static final double READING = 0.7;

  private final StatusLine line;
  private final boolean isShown;
  private @Nullable Thread thread;

  private RunProgress(StatusLine line, boolean isShown) {
    this.line = line;
    this.isShown = isShown;
  }

  /** Opens the line of a job; there is none if the terminal shows the sessions. */
  static RunProgress open(@Nullable FileNames files) {
    boolean isShown =
        files != null
            && Terminal.STDERR.canRewriteLine()
            && !(files.writesStandardOutput() && Terminal.STDOUT.isTerminal());
    return new RunProgress(isShown ? StatusLine.open() : StatusLine.none(), isShown);
  }

  /** Shows the progress of a job until this is closed. */
  void watch(PipelineResult job) {
    if (isShown) {
      Thread watching = new Thread(() -> show(job), "progress");
      watching.setDaemon(true);
      watching.start();
      thread = watching;
    }
  }

  private void show(PipelineResult job) {
    long total = InputProgress.totalBytes();
    ProgressBarBuilder builder = line.bar(RunCommand.NAME, total > 0 ? total : -1);
    boolean isSmall = total > 0 && total < MEGABYTE;
    try (ProgressBar bar =
        isSmall
            ? builder.setUnit(" KB", KILOBYTE).build()
            : builder.setUnit(" MB", MEGABYTE).build()) {
      while (!job.getState().isTerminal()) {
        bar.stepTo(total > 0 ? doneBytes(job, total) : InputProgress.bytesRead());
        Thread.sleep(INTERVAL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns which share of all work is done, as a number of bytes of the input. */
  private static long doneBytes(PipelineResult job, long total) {
    JobProgress progress = JobProgress.of(job);
    long forSessions = progress.visitsRead() - progress.visitsRejected();
    double formed =
        forSessions == 0 ? 0 : Math.min(1.0, (double) progress.visitsAccepted() / forSessions);
    return (long) (READING * InputProgress.bytesRead() + (1 - READING) * formed * total);
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
    line.close();
  }
}
