package io.sessionizer.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of the sessionizer on a local broker: two partitions each. */
public final class LocalTopics {
  /** The names of the topics. */
  public static final List<String> NAMES =
      List.of("visits", "sessions", "late-visits", "dead-letters");

  private static final int PARTITIONS = 2;
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(30);

  /** Records that are written can be larger than those read, which Kafka limits to 1 MiB. */
  private static final String MAX_WRITTEN_BYTES = String.valueOf(8 << 20);

  private LocalTopics() {}

  /** Creates the missing topics on the broker at {@code bootstrapServers}. */
  public static void create(String bootstrapServers) throws InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing = new ArrayList<>();
      for (String name : NAMES) {
        if (!existing.contains(name)) {
          missing.add(topic(name));
        }
      }
      admin.createTopics(missing).all().get();
      waitUntilVisible(admin, NAMES);
    } catch (ExecutionException e) {
      throw new KafkaException("creating topics at " + bootstrapServers, e.getCause());
    }
  }

  /** Waits until a broker's metadata, which lags, has topics that were created. */
  public static void waitUntilVisible(Admin admin, Collection<String> names)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + METADATA_TIMEOUT.toNanos();
    while (true) {
      try {
        admin.describeTopics(names).allTopicNames().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static NewTopic topic(String name) {
    NewTopic topic = new NewTopic(name, Optional.of(PARTITIONS), Optional.empty());
    return switch (name) {
      case "visits" -> topic;
      // A table: the newest record of a key replaces earlier ones.
      case "sessions" ->
          topic.configs(
              Map.of(
                  TopicConfig.CLEANUP_POLICY_CONFIG,
                  TopicConfig.CLEANUP_POLICY_COMPACT,
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                  MAX_WRITTEN_BYTES));
      default -> topic.configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MAX_WRITTEN_BYTES));
    };
  }
}
