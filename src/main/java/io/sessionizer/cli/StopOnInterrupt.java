package io.sessionizer.cli;

import io.sessionizer.config.Shutdown;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end in good order on Ctrl-C: the work is told to stop, and the JVM waits until this is
 * closed, but not for ever.
 */
final class StopOnInterrupt implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 35;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Runnable stop;
  private final Runnable step = this::stopAndWait;
  private volatile boolean interrupted;

  /** Tells the work to stop when the JVM is told to. */
  StopOnInterrupt(Runnable stop) {
    this.stop = stop;
    Shutdown.first(step);
  }

  /** Returns whether the JVM has been told to stop. */
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
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
