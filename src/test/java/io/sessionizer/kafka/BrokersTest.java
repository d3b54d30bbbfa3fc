package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokersTest {
  private final Brokers first = brokers("old:1", "old", 1);
  private final Brokers second = brokers("new:1", "new", 2);

  @Test
  void restoredSourceUsesLastBrokers() {
    second.announce("resumed");
    assertEquals(
        Map.of("bootstrap.servers", "new:1", "sasl.jaas.config", "new", "group.id", "g"),
        first.client("resumed", Map.of("bootstrap.servers", "old:1", "group.id", "g")));
  }

  @Test
  void newestBrokersTakePrecedence() {
    first.announce("restarted");
    assertEquals(
        Map.of("bootstrap.servers", "new:1", "sasl.jaas.config", "new"),
        second.client("restarted", Map.of()));
    second.announce("restarted");
    first.announce("restarted");
    assertEquals("new:1", first.client("restarted", Map.of()).get("bootstrap.servers"));
  }

  @Test
  void otherTopicHasOwnBrokers() {
    second.announce("another");
    assertEquals("old:1", first.client("mine", Map.of()).get("bootstrap.servers"));
  }

  private static Brokers brokers(String servers, String credentials, long asOf) {
    return new Brokers(
        servers,
        new ClientSettings(Map.of("sasl.jaas.config", credentials)),
        new JobFingerprint("--visitsTopic=" + servers),
        asOf);
  }
}
