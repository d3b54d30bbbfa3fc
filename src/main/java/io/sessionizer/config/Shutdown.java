package io.sessionizer.config;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The steps that end this process on a signal, one after the other: work is stopped before the
 * folders it writes to are deleted. The JVM's own shutdown hooks all run at once.
 */
public final class Shutdown {
  private static final Deque<Runnable> STEPS = new ConcurrentLinkedDeque<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STEPS.forEach(Runnable::run), "shutdown"));
  }

  private Shutdown() {}

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
