package io.sessionizer.kafka.admin;

import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of a job, with the settings that it is created with. All other settings are the broker's
 * defaults.
 *
 * @param name the topic's name
 * @param settings of the topic, by name, in this order
 */
public record JobTopic(String name, Map<String, String> settings) {
  /** The largest record that a topic accepts by default, in bytes. */
  static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

  /** What a topic that the job writes accepts at least: larger sessions may be wanted later. */
  private static final int WRITTEN_BYTES = 8 << 20;

  private static final int MEBIBYTE = 1 << 20;

  /** Returns the names of the topics that a job writes with its engine. */
  public static List<String> writtenBy(Settings settings) {
    TopicNames topics = settings.topics();
    return settings.engine() == Engine.STATEFUL
        ? List.of(topics.sessions(), topics.lateVisits(), topics.deadLetters())
        : List.of(topics.sessions(), topics.deadLetters());
  }

  /** Returns all topics, whichever of them the engine uses, for a broker that has none of them. */
  public static List<JobTopic> all(Settings settings) {
    return all(settings, visitBytes(settings));
  }

  /**
   * Returns all topics, whichever of them the engine uses.
   *
   * @param visitBytes {@code max.message.bytes} of the topics of visits, the largest of them
   */
  static List<JobTopic> all(Settings settings, int visitBytes) {
    TopicNames topics = settings.topics();
    String delete = TopicConfig.CLEANUP_POLICY_DELETE;
    // A table: the newest record of a key replaces earlier ones.
    String compact = TopicConfig.CLEANUP_POLICY_COMPACT;
    int sessionBytes = Math.max(WRITTEN_BYTES, withOverhead(settings.policy().maxBytes()));
    // Late visits and dead letters have the visit's bytes and more headers.
    int rejectedBytes = Math.max(WRITTEN_BYTES, withOverhead(visitBytes));
    List<JobTopic> all = new ArrayList<>();
    for (String visits : topics.visits()) {
      all.add(
          settings.maxRecordBytes() > MEBIBYTE
              ? of(visits, delete, visitBytes(settings))
              : new JobTopic(visits, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, delete)));
    }
    all.add(of(topics.sessions(), compact, sessionBytes));
    all.add(of(topics.lateVisits(), delete, rejectedBytes));
    all.add(of(topics.deadLetters(), delete, rejectedBytes));
    return all;
  }

  /** Returns {@code max.message.bytes} of a topic of visits that does not exist yet. */
  static int visitBytes(Settings settings) {
    return settings.maxRecordBytes() > MEBIBYTE
        ? withOverhead(settings.maxRecordBytes())
        : DEFAULT_MAX_MESSAGE_BYTES;
  }

  private static int withOverhead(int bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (long) bytes + WriteDeadLetters.OVERHEAD_BYTES);
  }

  private static JobTopic of(String name, String cleanupPolicy, int maxMessageBytes) {
    return new JobTopic(
        name,
        new TreeMap<>(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                cleanupPolicy,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(maxMessageBytes))));
  }
}
