package io.sessionizer.launch;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * A job that is started in a thread of its own, since some runners give control back only when the
 * job has finished; Flink embedded in the process does. Beam cannot cancel such a job before.
 */
final class BackgroundJob implements PipelineResult {
  private final CompletableFuture<PipelineResult> started;
  private final Runnable stop;
  private final Runnable whenDone;
  private final MetricResults meanwhile;
  private final boolean hasMetrics;
  private volatile boolean cancelled;

  private BackgroundJob(
      CompletableFuture<PipelineResult> started,
      Runnable stop,
      Runnable whenDone,
      MetricResults meanwhile,
      boolean hasMetrics) {
    this.started = started;
    this.stop = stop;
    this.whenDone = whenDone;
    this.meanwhile = meanwhile;
    this.hasMetrics = hasMetrics;
  }

  /**
   * Starts a job.
   *
   * @param whenDone runs in the thread that waits for the job, once that is done
   */
  static BackgroundJob start(Pipeline pipeline, Runnable whenDone) {
    return start(pipeline, BackgroundJob::inThread, () -> {}, whenDone, new NoMetrics(), true);
  }

  /**
   * Starts a job.
   *
   * @param executor has a thread for the job
   * @param stop stops the job where Beam cannot
   * @param whenDone runs in the thread that waits for the job, once that is done
   * @param meanwhile the job's metrics until the runner gives control back
   * @param hasMetrics whether it has metrics from then on
   */
  static BackgroundJob start(
      Pipeline pipeline,
      Executor executor,
      Runnable stop,
      Runnable whenDone,
      MetricResults meanwhile,
      boolean hasMetrics) {
    return new BackgroundJob(
        CompletableFuture.supplyAsync(pipeline::run, executor),
        stop,
        whenDone,
        meanwhile,
        hasMetrics);
  }

  /**
   * Completes a job that its runner has started and given back.
   *
   * @param whenDone runs in the thread that waits for the job, once that is done
   */
  static BackgroundJob of(PipelineResult started, Runnable whenDone) {
    return new BackgroundJob(
        CompletableFuture.completedFuture(started), () -> {}, whenDone, new NoMetrics(), true);
  }

  private static void inThread(Runnable task) {
    Thread thread = new Thread(task, "job");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public State getState() {
    if (cancelled) {
      return State.CANCELLED;
    }
    if (started.isCompletedExceptionally()) {
      return State.FAILED;
    }
    return started.isDone() ? started.join().getState() : State.RUNNING;
  }

  @Override
  public State cancel() throws IOException {
    if (started.isDone()) {
      return result().cancel();
    }
    cancelled = true;
    stop.run();
    started.cancel(true);
    return State.CANCELLED;
  }

  @Override
  public State waitUntilFinish() {
    try {
      State state = result().waitUntilFinish();
      if (state == State.DONE) {
        whenDone.run();
      }
      return state;
    } catch (RuntimeException e) {
      if (cancelled) {
        return State.CANCELLED;
      }
      throw e;
    }
  }

  @Override
  public State waitUntilFinish(Duration patience) {
    throw new UnsupportedOperationException("wait until the end, or get the state");
  }

  @Override
  public MetricResults metrics() {
    // Of a job without metrics Beam's result throws an exception in their place.
    return hasMetrics && started.isDone() && !started.isCompletedExceptionally()
        ? started.join().metrics()
        : meanwhile;
  }

  /** Waits for what the runner gives back, and fails as the runner did. */
  private PipelineResult result() {
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static final class NoMetrics extends MetricResults {
    @Override
    public MetricQueryResults queryMetrics(@Nullable MetricsFilter filter) {
      return MetricQueryResults.create(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }
  }
}
