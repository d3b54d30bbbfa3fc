package io.sessionizer.demo;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.generator.VisitFeed;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/** A feed of visits in a thread of its own, which starts with it. */
final class BackgroundFeed implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  private final VisitFeed feed;
  private final FutureTask<VisitFeed.FeedSummary> task;

  BackgroundFeed(VisitFeed feed) {
    this.feed = feed;
    this.task = new FutureTask<>(() -> feed.run(count -> {}));
    Thread thread = new Thread(task, "feed");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Checks that the feed has not failed.
   *
   * @throws IOException if it has
   */
  void requireNoFailure() throws IOException, InterruptedException {
    if (task.isDone()) {
      summary();
    }
  }

  /** Waits until all visits are written, or until {@code stopped}. */
  void waitUntilWritten(BooleanSupplier stopped, LocalBroker broker)
      throws IOException, InterruptedException {
    while (!task.isDone() && !stopped.getAsBoolean()) {
      broker.requireRunning();
      Thread.sleep(POLL_MILLIS);
    }
    requireNoFailure();
  }

  /** Stops the feed, and returns the summary of the visits written. */
  VisitFeed.FeedSummary stop() throws IOException, InterruptedException {
    feed.stop();
    return summary();
  }

  private VisitFeed.FeedSummary summary() throws IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause(), "a failed task has a cause");
      throw new IOException(cause.getMessage(), cause);
    }
  }

  @Override
  public void close() {
    feed.stop();
  }
}
