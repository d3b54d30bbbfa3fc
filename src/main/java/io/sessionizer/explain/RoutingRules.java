package io.sessionizer.explain;

import io.sessionizer.config.Settings;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.time.ZoneId;
import org.apache.kafka.common.TopicPartition;

/**
 * The job's settings that decide where a visit goes.
 *
 * @param policy which visits are one session, and until when it accepts late ones
 * @param maxOutOfOrderness how far the watermark trails the newest visit
 * @param engine how sessions are formed
 * @param zone time zone of the explanation
 * @param hasOneTopic whether all visits are read from one topic
 * @param areAllInFiles whether visits and sessions are in files: none is late, and none is open
 */
record RoutingRules(
    SessionPolicy policy,
    Duration maxOutOfOrderness,
    Engine engine,
    ZoneId zone,
    boolean hasOneTopic,
    boolean areAllInFiles) {

  static RoutingRules of(Settings settings) {
    return of(settings, false);
  }

  static RoutingRules of(Settings settings, boolean areAllInFiles) {
    return new RoutingRules(
        settings.policy(),
        settings.maxOutOfOrderness(),
        settings.engine(),
        settings.timeZone(),
        settings.topics().visits().size() == 1,
        areAllInFiles);
  }

  /**
   * How far a visit was behind the watermark of its partition, in milliseconds; 0 if it was not.
   */
  static long behind(Findings.VisitFinding visit) {
    return Math.max(0, visit.watermark().orElse(visit.time()) - visit.time());
  }

  /** Whether a visit is accepted if the job's watermark is that of its partition. */
  boolean accepts(Findings.VisitFinding visit) {
    return policy.accepts(visit.time(), visit.watermark().orElse(visit.time()));
  }

  /** A partition for people, of topics that are known. */
  String partition(TopicPartition partition) {
    return hasOneTopic ? String.valueOf(partition.partition()) : partition.toString();
  }

  /** A time for people, in the zone of the job. */
  String time(long epochMillis) {
    return DisplayFormat.time(epochMillis, zone);
  }
}
