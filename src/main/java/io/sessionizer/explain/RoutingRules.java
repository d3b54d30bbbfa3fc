package io.sessionizer.explain;

import io.sessionizer.config.Settings;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.time.ZoneId;

/**
 * What of the job's settings decides where a visit goes.
 *
 * @param policy which visits are one session, and until when it accepts late ones
 * @param maxOutOfOrderness how far the watermark stays behind the newest visit
 * @param engine how sessions are formed
 * @param zone time zone of what is told
 */
record RoutingRules(SessionPolicy policy, Duration maxOutOfOrderness, Engine engine, ZoneId zone) {

  static RoutingRules of(Settings settings) {
    return new RoutingRules(
        settings.policy(), settings.maxOutOfOrderness(), settings.engine(), settings.timeZone());
  }

  /**
   * How far a visit was behind the watermark of its partition, in milliseconds; 0 if it was not.
   */
  static long behind(Findings.VisitFinding visit) {
    return Math.max(0, visit.watermark().orElse(visit.time()) - visit.time());
  }

  /** Whether a visit is taken if the job's watermark is that of its partition. */
  boolean takes(Findings.VisitFinding visit) {
    return policy.accepts(visit.time(), visit.watermark().orElse(visit.time()));
  }

  /** A time for people, in the zone of the job. */
  String time(long epochMillis) {
    return DisplayFormat.time(epochMillis, zone);
  }
}
