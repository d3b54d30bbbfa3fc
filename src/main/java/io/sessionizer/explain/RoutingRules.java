package io.sessionizer.explain;

import io.sessionizer.config.Settings;
import io.sessionizer.sessions.Engine;
import java.time.Duration;
import java.time.ZoneId;

/**
 * What of the job's settings decides where a visit goes.
 *
 * @param gap visits less than this apart are one session
 * @param allowedLateness for how long after its end a session takes late visits
 * @param maxOutOfOrderness how far the watermark stays behind the newest visit
 * @param engine how sessions are formed
 * @param zone time zone of what is told
 */
record RoutingRules(
    Duration gap,
    Duration allowedLateness,
    Duration maxOutOfOrderness,
    Engine engine,
    ZoneId zone) {

  static RoutingRules of(Settings settings) {
    return new RoutingRules(
        settings.policy().gap(),
        settings.policy().allowedLateness(),
        settings.maxOutOfOrderness(),
        settings.engine(),
        settings.timeZone());
  }

  long gapMillis() {
    return gap.toMillis();
  }

  /** A visit is taken while it is less than this behind the watermark, in milliseconds. */
  long tolerance() {
    return gap.plus(allowedLateness).toMillis();
  }

  /**
   * How far a visit was behind the watermark of its partition, in milliseconds; 0 if it was not.
   */
  static long behind(Findings.VisitFinding visit) {
    return Math.max(0, visit.watermark().orElse(visit.time()) - visit.time());
  }

  /** Whether a visit is taken if the job's watermark is that of its partition. */
  boolean takes(Findings.VisitFinding visit) {
    return behind(visit) < tolerance();
  }

  /** A time for people, in the zone of the job. */
  String time(long epochMillis) {
    return DisplayFormat.time(epochMillis, zone);
  }
}
