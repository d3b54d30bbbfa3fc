package io.sessionizer.config;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that end this process on a signal, one after the other: work is stopped before the
 * folders it writes to are deleted. The JVM's own shutdown hooks all run at once.
 */
public final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final Deque<Runnable> STEPS = new ConcurrentLinkedDeque<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STEPS.forEach(Shutdown::run), "shutdown"));
  }

  private Shutdown() {}

  /** A step that fails keeps none of the others from being done. */
  private static void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("a step of the shutdown failed", e);
    }
  }

  /** Adds a step before all others, for work that is to stop. */
  public static void first(Runnable step) {
    STEPS.addFirst(step);
  }

  /** Adds a step after all others, for files that are to be deleted. */
  public static void last(Runnable step) {
    STEPS.addLast(step);
  }

  /** Removes a step, unless the process is ending already. */
  public static void remove(Runnable step) {
    STEPS.remove(step);
  }
}
