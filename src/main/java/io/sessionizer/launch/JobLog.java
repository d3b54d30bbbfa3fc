package io.sessionizer.launch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a job, under the name of its main class, whichever class writes to it. */
final class JobLog {
  static final Logger LOG = LoggerFactory.getLogger("io.sessionizer.SessionizationJob");

  private JobLog() {}
}
