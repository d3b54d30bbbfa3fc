package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.formats.InputFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class JobStartTest {
  @Test
  void restoredSourceUsesLastStart() {
    JobStart second = second("resumed", "resumed-too");
    second.announce();
    assertEquals(Optional.of(second), JobStart.newerThan(1, "resumed"));
    assertEquals(Optional.of(second), JobStart.newerThan(1, "resumed-too"));
  }

  @Test
  void newestStartOverridesOthers() {
    JobStart first = start("old:1", Duration.ofMinutes(1), 1, "restarted");
    JobStart second = second("restarted");
    first.announce();
    assertEquals(Optional.empty(), JobStart.newerThan(2, "restarted"));
    second.announce();
    first.announce();
    assertEquals(Optional.of(second), JobStart.newerThan(1, "restarted"));
  }

  @Test
  void otherTopicHasOwnStart() {
    second("another").announce();
    assertEquals(Optional.empty(), JobStart.newerThan(1, "mine"));
  }

  @Test
  void stateOfOtherTopicsIsRejected() {
    JobStart start = second("a", "b");
    start.requireTopics(List.of("a", "b"));
    for (List<String> saved :
        List.of(List.of("a"), List.of("a", "b", "c"), List.of("b", "c"), List.of("c"))) {
      assertEquals(
          "the saved state is of a job with --visitsTopic="
              + String.join(",", saved)
              + ", and this one has --visitsTopic=a,b: give it the topics of that job, or start it"
              + " without saved state",
          assertThrows(IllegalStateException.class, () -> start.requireTopics(saved)).getMessage());
    }
  }

  @Test
  void clientHasBrokersAndCredentials() {
    assertEquals(
        Map.of("bootstrap.servers", "new:1", "sasl.jaas.config", "secret", "group.id", "g"),
        second("any").brokers().client(Map.of("bootstrap.servers", "old:1", "group.id", "g")));
  }

  @Test
  void restoredWatermarkFollowsLastRules() {
    second("watched").announce();
    var policies =
        new VisitTimestamps(
            UUID.randomUUID(),
            1,
            start("old:1", Duration.ofMinutes(1), 1).rules(),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    var policy = policies.createTimestampPolicy(new TopicPartition("watched", 0), Optional.empty());
    policy.getTimestampForRecord(
        VisitTimestampsTest.backlog(5), VisitTimestampsTest.record("1970-01-01T00:00:00Z"));
    assertEquals(
        org.joda.time.Instant.parse("1969-12-31T23:55:00Z"),
        policy.getWatermark(VisitTimestampsTest.backlog(5)));
  }

  private static JobStart second(String... topics) {
    return start("new:1", Duration.ofMinutes(5), 2, topics);
  }

  private static JobStart start(
      String servers, Duration maxOutOfOrderness, long asOf, String... topics) {
    return new JobStart(
        List.of(topics),
        new Brokers(
            servers,
            new ClientSettings(Map.of("sasl.jaas.config", "secret")),
            new JobFingerprint("--visitsTopic=" + servers),
            asOf),
        new ParserSettings(InputFormat.DEFAULT, 100, Duration.ZERO, null),
        new WatermarkRules(
            maxOutOfOrderness, Duration.ofSeconds(30), Duration.ofMinutes(31), false));
  }
}
