package io.sessionizer.cli;

import io.sessionizer.config.Shutdown;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An orderly stop on Ctrl-C or SIGTERM: the work is requested to stop, and the JVM waits until this
 * is closed, at most 35 s.
 */
final class StopOnInterrupt implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 35;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Runnable stop;
  private final Runnable step = this::stopAndWait;
  private volatile boolean interrupted;

  /** Calls {@code stop} when a signal stops the JVM. */
  StopOnInterrupt(Runnable stop) {
    this.stop = stop;
    Shutdown.first(step);
  }

  /** Returns whether a signal has stopped the JVM. */
  boolean interrupted() {
    return interrupted;
  }

  @Override
  public void close() {
    done.countDown();
    Shutdown.remove(step);
  }

  private void stopAndWait() {
    interrupted = true;
    stop.run();
    try {
      done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
