package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.TopicNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages about Kafka settings that no client accepts. */
class TopicCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.example.Module required password=open sesame;",
        "org.example.Module required password=\"open\"sesame\";",
        "org.example.Module sesame",
        "sesame",
      })
  void quotesNoMalformedCredentials(String jaas) {
    var check =
        new TopicCheck(
            "127.0.0.1:1",
            Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.jaas.config", jaas),
            "--consumerConfig");
    assertEquals(
        "invalid Kafka settings in --consumerConfig: sasl.jaas.config is not of the form"
            + " MODULE required NAME=\"VALUE\" ...;",
        assertThrows(
                NotReadyException.class,
                () -> check.requireTopics(List.of("visits"), TopicNames.USUAL))
            .getMessage());
  }
}
