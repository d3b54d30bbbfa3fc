package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.InputFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class JobStartTest {
  private final JobStart first = start("old:1", Duration.ofMinutes(1), 1);
  private final JobStart second = start("new:1", Duration.ofMinutes(5), 2);

  @Test
  void restoredSourceUsesLastStart() {
    second.announce("resumed");
    assertEquals(Optional.of(second), JobStart.newerThan(1, "resumed"));
  }

  @Test
  void newestStartOverridesOthers() {
    first.announce("restarted");
    assertEquals(Optional.empty(), JobStart.newerThan(2, "restarted"));
    second.announce("restarted");
    first.announce("restarted");
    assertEquals(Optional.of(second), JobStart.newerThan(1, "restarted"));
  }

  @Test
  void otherTopicHasOwnStart() {
    second.announce("another");
    assertEquals(Optional.empty(), JobStart.newerThan(1, "mine"));
  }

  @Test
  void clientHasBrokersAndCredentials() {
    assertEquals(
        Map.of("bootstrap.servers", "new:1", "sasl.jaas.config", "secret", "group.id", "g"),
        second.brokers().client(Map.of("bootstrap.servers", "old:1", "group.id", "g")));
  }

  @Test
  void restoredWatermarkFollowsLastRules() {
    second.announce("watched");
    var policies =
        new VisitTimestamps(
            UUID.randomUUID(), 1, first.rules(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    var policy = policies.createTimestampPolicy(new TopicPartition("watched", 0), Optional.empty());
    policy.getTimestampForRecord(
        VisitTimestampsTest.backlog(5), VisitTimestampsTest.record("1970-01-01T00:00:00Z"));
    assertEquals(
        org.joda.time.Instant.parse("1969-12-31T23:55:00Z"),
        policy.getWatermark(VisitTimestampsTest.backlog(5)));
  }

  private static JobStart start(String servers, Duration maxOutOfOrderness, long asOf) {
    return new JobStart(
        new Brokers(
            servers,
            new ClientSettings(Map.of("sasl.jaas.config", "secret")),
            new JobFingerprint("--visitsTopic=" + servers),
            asOf),
        new ParserSettings(InputFormat.DEFAULT, 100, Duration.ZERO),
        new WatermarkRules(
            maxOutOfOrderness, Duration.ofSeconds(30), Duration.ofMinutes(31), false));
  }
}
