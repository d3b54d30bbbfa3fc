package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings of settings that would be ignored. */
class IgnoredSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "isolation_level, isolation.level",
    "isolationLevel, isolation.level",
    "isolation.levle, isolation.level",
    "Group.Id, group.id",
    "group.ids, group.id",
    "aks, acks",
    "fetch.max.wait, fetch.max.wait.ms",
    "max.poll.record, max.poll.records",
    "max.poll, max.poll.records",
    "enable.autocommit, enable.auto.commit",
    "sasl.jaas.conf, sasl.jaas.config",
    "ssl.truststore.passwort, ssl.truststore.password",
    "config.provider, config.providers",
  })
  void suggestsNearestKnownName(String name, String known) {
    assertEquals(
        List.of(
            "--consumerConfig: Kafka ignores %s, which it does not know; did you mean %s?"
                .formatted(name, known)),
        IgnoredSettings.warnings("--consumerConfig", Map.of(name, "secret"), "a:1"));
  }

  @Test
  void warnsOfOtherBrokers() {
    assertEquals(
        List.of("--clientConfig: bootstrap.servers is ignored, --bootstrapServers=a:1 is used"),
        IgnoredSettings.warnings("--clientConfig", Map.of("bootstrap.servers", "b:1"), "a:1"));
    assertEquals(
        List.of(),
        IgnoredSettings.warnings("--clientConfig", Map.of("bootstrap.servers", "a:1"), "a:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group.id",
        "acks",
        "config.providers",
        "config.providers.file.class",
        "config.providers.file.param.allowed.paths",
        "schema.registry.url",
        "basic.auth.user.info",
        "ssl.engine.factory.x",
        "my.interceptor.topic",
        "x",
      })
  void ignoresKnownAndDistantNames(String name) {
    assertEquals(
        List.of(), IgnoredSettings.warnings("--consumerConfig", Map.of(name, "secret"), "a:1"));
  }
}
