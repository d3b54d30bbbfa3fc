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
  private final JobEnd end;
  private final MetricResults meanwhile;
  private final boolean hasMetrics;
  private volatile boolean cancelled;

  private BackgroundJob(
      CompletableFuture<PipelineResult> started,
      Runnable stop,
      JobEnd end,
      MetricResults meanwhile,
      boolean hasMetrics) {
    this.started = started;
    this.stop = stop;
    this.end = end;
    this.meanwhile = meanwhile;
    this.hasMetrics = hasMetrics;
  }

  /**
   * Starts a job.
   *
   * @param end runs in the thread that waits for the job
   */
  static BackgroundJob start(Pipeline pipeline, JobEnd end) {
    return start(pipeline, BackgroundJob::inThread, () -> {}, end, new NoMetrics(), true);
  }

  /**
   * Starts a job.
   *
   * @param executor has a thread for the job
   * @param stop stops the job where Beam cannot
   * @param end runs in the thread that waits for the job
   * @param meanwhile the job's metrics until the runner gives control back
   * @param hasMetrics whether it has metrics from then on
   */
  static BackgroundJob start(
      Pipeline pipeline,
      Executor executor,
      Runnable stop,
      JobEnd end,
      MetricResults meanwhile,
      boolean hasMetrics) {
    return new BackgroundJob(
        CompletableFuture.supplyAsync(pipeline::run, executor), stop, end, meanwhile, hasMetrics);
  }

  /**
   * Completes a job that its runner has started and given back.
   *
   * @param end runs in the thread that waits for the job
   */
  static BackgroundJob of(PipelineResult started, JobEnd end) {
    return new BackgroundJob(
        CompletableFuture.completedFuture(started), () -> {}, end, new NoMetrics(), true);
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
      State state = result().cancel();
      if (state != State.DONE) {
        // A process that is stopped may end before the thread that waits for the job gets here.
        end.otherwise().run();
      }
      return state;
    }
    cancelled = true;
    try {
      stop.run();
      started.cancel(true);
      return State.CANCELLED;
    } finally {
      end.otherwise().run();
    }
  }

  @Override
  public State waitUntilFinish() {
    boolean isDone = false;
    try {
      State state = result().waitUntilFinish();
      if (state == State.DONE) {
        end.whenDone().run();
        isDone = true;
      }
      return state;
    } catch (RuntimeException e) {
      if (cancelled) {
        return State.CANCELLED;
      }
      throw e;
    } finally {
      if (!isDone) {
        end.otherwise().run();
      }
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
