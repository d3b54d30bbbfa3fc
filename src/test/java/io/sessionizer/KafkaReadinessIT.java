package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.TestKafka;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of producers and topics before a job starts, against a real broker. */
class KafkaReadinessIT {
  private final TestKafka kafka = new TestKafka();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delivery.timeout.ms=100 | invalid Kafka settings in --producerConfig: delivery.timeout.ms"
            + " should be equal to or larger than linger.ms + request.timeout.ms",
        "interceptor.classes=x.Y | invalid Kafka settings in --producerConfig: Class x.Y"
            + " cannot be found (java.lang.ClassNotFoundException: x.Y)",
        "max.block.ms=0 | --producerConfig=max.block.ms=0: too short for a producer to look up its topics",
      })
  void triesProducerBeforeJobStarts(String setting, String problem) throws Exception {
    kafka.createTopics();
    assertEquals(List.of(problem), problems("--producerConfig=" + setting));
  }

  @Test
  void reportsAllUnusableTopicsAtOnce() throws Exception {
    kafka.create("visits", Map.of());
    kafka.create("sessions", Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"));
    kafka.create("late-visits", Map.of());
    kafka.create(
        "dead-letters",
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    String alter =
        "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics"
            .formatted(TestKafka.address());
    assertEquals(
        List.of(
            "topic %1$s has min.insync.replicas=2 but replication factor 1, so it accepts no record: raise the replication factor, or lower the other with %2$s --entity-name %1$s --add-config min.insync.replicas=1"
                .formatted(kafka.topic("sessions"), alter),
            "topic %1$s has cleanup.policy=compact and accepts no record without a key, as most dead letters are: change it with %2$s --entity-name %1$s --add-config cleanup.policy=delete, or name another topic with --deadLettersTopic"
                .formatted(kafka.topic("dead-letters"), alter)),
        problems("--engine=stateful"));
  }

  private List<String> problems(String... flags) {
    return assertThrows(
            NotReadyException.class, () -> SessionizationJob.start(Flags.parse(kafka.flags(flags))))
        .problems();
  }
}
