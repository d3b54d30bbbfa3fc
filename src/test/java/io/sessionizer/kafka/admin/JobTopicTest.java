package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The topics of a job as they are created. */
class JobTopicTest {
  private static final int KIBIBYTE = 1 << 10;

  @Test
  void sessionsAreCompactedAndOthersDeleted() throws Exception {
    assertEquals(
        List.of(
            new JobTopic("v", Map.of("cleanup.policy", "delete")),
            topic("s", "compact", 8192 * KIBIBYTE),
            topic("l", "delete", 8192 * KIBIBYTE),
            topic("d", "delete", 8192 * KIBIBYTE)),
        JobTopic.all(
            settings(
                "--visitsTopic=v",
                "--sessionsTopic=s",
                "--lateVisitsTopic=l",
                "--deadLettersTopic=d")));
  }

  @Test
  void topicsHaveRoomForLargeSessions() throws Exception {
    assertEquals(
        topic("sessions", "compact", (32768 + 16) * KIBIBYTE),
        JobTopic.all(settings("--maxSessionBytes=33554432")).get(1));
  }

  @Test
  void topicsHaveRoomForLargeRecords() throws Exception {
    Settings settings = settings("--maxRecordBytes=10485760");
    assertEquals(
        List.of(
            topic("visits", "delete", (10240 + 16) * KIBIBYTE),
            topic("sessions", "compact", 8192 * KIBIBYTE),
            topic("late-visits", "delete", (10240 + 32) * KIBIBYTE),
            topic("dead-letters", "delete", (10240 + 32) * KIBIBYTE)),
        JobTopic.all(settings));
    assertEquals(
        topic("visits", "delete", Integer.MAX_VALUE),
        JobTopic.all(settings("--maxRecordBytes=2147483647")).get(0));
  }

  @Test
  void deadLettersAreLargerThanExistingVisits() throws Exception {
    assertEquals(
        topic("dead-letters", "delete", (20480 + 16) * KIBIBYTE),
        JobTopic.all(settings(), 20480 * KIBIBYTE).get(3));
  }

  @Test
  void onlyStatefulEngineWritesLateVisits() throws Exception {
    assertEquals(
        List.of("sessions", "late-visits", "dead-letters"),
        JobTopic.writtenBy(settings("--engine=stateful")));
    assertEquals(
        List.of("sessions", "dead-letters"), JobTopic.writtenBy(settings("--engine=windows")));
  }

  @Nested
  class Size {
    private final List<JobTopic> missing =
        List.of(new JobTopic("sessions", Map.of("cleanup.policy", "compact")));

    @Test
    void flagsTakePrecedence() {
      assertEquals(
          List.of(
              new NewTopic("sessions", 3, (short) 2).configs(Map.of("cleanup.policy", "compact"))),
          TopicCreation.plan(
              missing,
              new TopicCreation.TopicSize(Optional.of(3), Optional.of((short) 2)),
              Optional.of(12)));
    }

    @Test
    void partitionsFollowVisitsTopic() {
      assertEquals(
          List.of(
              new NewTopic("sessions", Optional.of(12), Optional.empty())
                  .configs(Map.of("cleanup.policy", "compact"))),
          TopicCreation.plan(missing, TopicCreation.TopicSize.DEFAULT, Optional.of(12)));
    }

    @Test
    void brokerDecidesWithoutFlagsAndVisits() {
      assertEquals(
          List.of(
              new NewTopic("sessions", Optional.empty(), Optional.empty())
                  .configs(Map.of("cleanup.policy", "compact"))),
          TopicCreation.plan(missing, TopicCreation.TopicSize.DEFAULT, Optional.empty()));
    }
  }

  private static JobTopic topic(String name, String cleanupPolicy, int maxMessageBytes) {
    return new JobTopic(
        name,
        Map.of(
            "cleanup.policy", cleanupPolicy, "max.message.bytes", String.valueOf(maxMessageBytes)));
  }

  private static Settings settings(String... flags) throws Exception {
    return Flags.parse(flags).settings();
  }
}
