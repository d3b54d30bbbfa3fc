package io.sessionizer.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be done when a signal ends the JVM, where no finally block runs. */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private Shutdown() {}

  /** Closes {@code resources} in this order; closing them twice must do no harm. */
  static void closesFirst(AutoCloseable... resources) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(resources), "close-resources"));
  }

  private static void close(AutoCloseable... resources) {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.warn("could not close {}", resource, e);
      }
    }
  }
}
