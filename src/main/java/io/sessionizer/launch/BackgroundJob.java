package io.sessionizer.launch;

import io.sessionizer.launch.flink.EmbeddedMetrics;
import io.sessionizer.launch.flink.FlinkOptions;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.joda.time.Duration;

/**
 * A job that is started in a thread of its own, since some runners give control back only when the
 * job is over; Flink embedded in the process does. Before its end such a job has the metrics that
 * Flink has of it, and it cannot be cancelled: whoever waits for it is let go, and it ends with the
 * process.
 */
public final class BackgroundJob implements PipelineResult {
  private final CompletableFuture<PipelineResult> started;
  private final Runnable whenDone;
  private final boolean hasNoMetrics;

  private BackgroundJob(
      CompletableFuture<PipelineResult> started, Runnable whenDone, boolean hasNoMetrics) {
    this.started = started;
    this.whenDone = whenDone;
    this.hasNoMetrics = hasNoMetrics;
  }

  /**
   * Starts a job.
   *
   * @param whenDone what whoever waits for it does when it is done
   */
  public static BackgroundJob start(Pipeline pipeline, Runnable whenDone) {
    return new BackgroundJob(
        CompletableFuture.supplyAsync(pipeline::run, BackgroundJob::inThread),
        whenDone,
        FlinkOptions.hasNoMetrics(pipeline.getOptions()));
  }

  private static void inThread(Runnable task) {
    Thread thread = new Thread(task, "job");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public State getState() {
    if (started.isCancelled()) {
      return State.CANCELLED;
    }
    if (started.isCompletedExceptionally()) {
      return State.FAILED;
    }
    return started.isDone() ? started.join().getState() : State.RUNNING;
  }

  @Override
  public State cancel() throws IOException {
    return started.cancel(true) ? State.CANCELLED : result().cancel();
  }

  @Override
  public State waitUntilFinish() {
    try {
      State state = result().waitUntilFinish();
      if (state == State.DONE) {
        whenDone.run();
      }
      return state;
    } catch (CancellationException e) {
      return State.CANCELLED;
    }
  }

  @Override
  public State waitUntilFinish(Duration patience) {
    throw new UnsupportedOperationException("wait until the end, or ask for the state");
  }

  @Override
  public MetricResults metrics() {
    // Beam's result of a job without metrics fails when it is asked for them.
    boolean hasMetrics = started.isDone() && !started.isCompletedExceptionally() && !hasNoMetrics;
    return hasMetrics ? started.join().metrics() : new EmbeddedMetrics();
  }

  /** Waits for what the runner gives back, and fails as the runner did. */
  private PipelineResult result() {
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
