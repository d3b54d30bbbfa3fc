package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.admin.OutputTopicCheck.TopicFindings;
import io.sessionizer.kafka.admin.OutputTopicCheck.TopicSetup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems and warnings for each topic configuration. */
class OutputTopicCheckTest {
  private static final TopicNames TOPICS = new TopicNames("visits", "sessions", "late", "dead");

  @Nested
  class DeadLetters {
    @ParameterizedTest
    @ValueSource(strings = {"compact", "compact,delete"})
    void rejectsCompactedDeadLetters(String policy) {
      assertEquals(
          new TopicFindings(
              List.of(
                  "topic dead has cleanup.policy="
                      + policy
                      + ", and accepts no record without a key, as most dead letters are: set"
                      + " cleanup.policy=delete with kafka-configs.sh --alter, or name another"
                      + " topic with --deadLettersTopic"),
              List.of()),
          check("dead", "cleanup.policy", policy));
    }
  }

  @Nested
  class AnyTopic {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "sessions | 899999 | 900000 (--maxSessionBytes): raise the first or lower the second",
          "late | 99999 | 100000: raise it with kafka-configs.sh --alter",
          "dead | 16383 | 16384: raise it with kafka-configs.sh --alter"
        })
    void rejectsTopicsWithoutRoom(String topic, String room, String needed) {
      assertEquals(
          new TopicFindings(
              List.of(
                  "topic %s accepts records of up to %s bytes (max.message.bytes), and the job may write %s"
                      .formatted(topic, room, needed)),
              List.of()),
          check(topic, "max.message.bytes", room));
    }

    @ParameterizedTest
    @CsvSource({"visits, 1", "sessions, 900000", "late, 100000", "dead, 16384"})
    void acceptsTopicsWithRoom(String topic, String room) {
      assertEquals(
          new TopicFindings(List.of(), List.of()), check(topic, "max.message.bytes", room));
    }

    @Test
    void rejectsTooFewReplicas() {
      assertEquals(
          new TopicFindings(
              List.of(
                  "topic late has min.insync.replicas=3 and replication factor 2, so it accepts no"
                      + " record: lower the former, or raise the latter"),
              List.of()),
          check("late", "min.insync.replicas", "3"));
      assertEquals(none(), check("late", "min.insync.replicas", "2"));
      assertEquals(none(), check("visits", "min.insync.replicas", "3"));
    }

    @Test
    void acceptsOtherTopics() {
      assertEquals(none(), check("visits", "cleanup.policy", "delete", "retention.ms", "1"));
      assertEquals(none(), check("sessions", "cleanup.policy", "compact", "retention.ms", "1"));
      assertEquals(none(), check("sessions", "cleanup.policy", "delete", "retention.ms", "-1"));
      assertEquals(none(), check("late", "cleanup.policy", "delete"));
      assertEquals(none(), check("dead", "cleanup.policy", "delete"));
    }
  }

  @Nested
  class Visits {
    @ParameterizedTest
    @CsvSource({"visits, compact", "late, compact", "late, 'compact,delete'"})
    void warnsOfCompactedVisits(String topic, String policy) {
      assertEquals(
          new TopicFindings(
              List.of(),
              List.of(
                  "topic %s has cleanup.policy=%s: of all visits with one key only the newest remains there"
                      .formatted(topic, policy))),
          check(topic, "cleanup.policy", policy));
    }
  }

  @Nested
  class Sessions {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "delete | 604800000 | -1 | retention.ms=604800000 (PT168H)",
          "compact,delete | 1000 | 5 | retention.ms=1000 (PT1S)",
          "delete | -1 | 5 | retention.bytes=5",
        })
    void warnsOfSessionsThatExpire(String policy, String millis, String bytes, String retention) {
      assertEquals(
          new TopicFindings(
              List.of(),
              List.of(
                  "topic sessions has cleanup.policy=%s and %s: sessions are deleted then; with cleanup.policy=compact it keeps the newest record of each"
                      .formatted(policy, retention))),
          check(
              "sessions",
              "cleanup.policy",
              policy,
              "retention.ms",
              millis,
              "retention.bytes",
              bytes));
    }
  }

  private static TopicFindings check(String topic, String... namesAndValues) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    TopicFindings findings = none();
    OutputTopicCheck.check(topic, new TopicSetup(settings, 2), TOPICS, 900_000, findings);
    return findings;
  }

  private static TopicFindings none() {
    return new TopicFindings(new ArrayList<>(), new ArrayList<>());
  }
}
