package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import java.io.Serializable;
import java.time.Duration;

/**
 * How watermarks advance.
 *
 * @param maxOutOfOrderness how far a watermark trails the newest event time
 * @param idleAfter how long a caught-up partition must be silent to be idle
 * @param horizon how long after a visit its session is closed and accepts no more visits
 * @param stopWhenDrained whether a partition without backlog is finished
 */
record WatermarkRules(
    Duration maxOutOfOrderness, Duration idleAfter, Duration horizon, boolean stopWhenDrained)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Returns the rules of a job, which may stop when drained or not. */
  static WatermarkRules of(Settings settings, boolean stopWhenDrained) {
    return new WatermarkRules(
        settings.maxOutOfOrderness(),
        settings.idleAfter(),
        settings.policy().horizon(),
        stopWhenDrained);
  }
}
