package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of a Kafka client, of the job, of KafkaIO and of the user. */
class ClientSettingsTest {
  @Test
  void userSettingsTakePrecedence() {
    assertEquals(
        Map.of("bootstrap.servers", "a:1", "acks", "1", "linger.ms", "5", "retries", 3),
        new ClientSettings(Map.of("acks", "1", "linger.ms", "5"))
            .over(Map.of("bootstrap.servers", "a:1", "acks", "all", "retries", 3)));
  }

  @Test
  void keepsBrokersOfFlag() {
    assertEquals(
        Map.of("bootstrap.servers", "a:1"),
        new ClientSettings(Map.of("bootstrap.servers", "b:2"))
            .over(Map.of("bootstrap.servers", "a:1")));
  }

  @Test
  void printsNamesWithoutValues() {
    assertEquals("[a, b]", new ClientSettings(Map.of("b", "secret", "a", "secret")).toString());
  }
}
