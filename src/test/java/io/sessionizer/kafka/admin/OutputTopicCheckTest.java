package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.admin.OutputTopicCheck.TopicFindings;
import io.sessionizer.kafka.admin.OutputTopicCheck.TopicSetup;
import io.sessionizer.launch.Flags;
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
  private static final Settings SETTINGS = settings();

  private static Settings settings(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--bootstrapServers=kafka:9092",
                "--lateVisitsTopic=late",
                "--deadLettersTopic=dead"));
    flags.addAll(List.of(more));
    try {
      return Flags.parse(flags.toArray(String[]::new)).settings();
    } catch (BadFlagsException e) {
      throw new AssertionError(e);
    }
  }

  private static String alter(String topic, String setting) {
    return "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
        + " --entity-name %s --add-config %s".formatted(topic, setting);
  }

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
                      + " and accepts no record without a key, as most dead letters are: change it"
                      + " with "
                      + alter("dead", "cleanup.policy=delete")
                      + ", or name another topic with --deadLettersTopic"),
              List.of()),
          check("dead", "cleanup.policy", policy));
    }
  }

  @Nested
  class LateVisits {
    @Test
    void rejectsCompactionOfRecordsAsTheyWere() {
      Settings mapped = settings("--visitFormat=segment", "--engine=stateful");
      assertEquals(
          new TopicFindings(
              List.of(
                  "topic late has cleanup.policy=compact and accepts no record without a key, as a"
                      + " late visit may be: change it with "
                      + alter("late", "cleanup.policy=delete")
                      + ", or name another topic with --lateVisitsTopic"),
              List.of()),
          new OutputTopicCheck(mapped)
              .check("late", new TopicSetup(Map.of("cleanup.policy", "compact"), 2)));
    }
  }

  @Nested
  class AnyTopic {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "sessions | 899999 | 900000 (--maxSessionBytes) | , or lower --maxSessionBytes",
          "late | 99999 | 100000 | ''",
          "dead | 16383 | 16384 | ''"
        })
    void rejectsTopicsWithoutRoom(String topic, String room, String needed, String instead) {
      assertEquals(
          new TopicFindings(
              List.of(
                  "topic %s accepts records of up to %s bytes (max.message.bytes), but the job may write %s: raise it with %s%s"
                      .formatted(
                          topic, room, needed, alter(topic, "max.message.bytes=8388608"), instead)),
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
                  "topic late has min.insync.replicas=3 but replication factor 2, so it accepts no"
                      + " record: raise the replication factor, or lower the other with "
                      + alter("late", "min.insync.replicas=2")),
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
                  "topic %s has cleanup.policy=%s: of the visits with one key Kafka keeps the newest only, the others are lost"
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
          "delete | 604800000 | -1 | retention.ms=604800000 (7d)",
          "compact,delete | 1000 | 5 | retention.ms=1000 (1s)",
          "delete | -1 | 5 | retention.bytes=5",
        })
    void warnsOfSessionsThatExpire(String policy, String millis, String bytes, String retention) {
      assertEquals(
          new TopicFindings(
              List.of(),
              List.of(
                  "topic sessions has cleanup.policy=%s and %s: sessions are deleted then; to keep the newest record of each, use %s"
                      .formatted(policy, retention, alter("sessions", "cleanup.policy=compact")))),
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
    return new OutputTopicCheck(SETTINGS).check(topic, new TopicSetup(settings, 2));
  }

  private static TopicFindings none() {
    return new TopicFindings(new ArrayList<>(), new ArrayList<>());
  }
}
