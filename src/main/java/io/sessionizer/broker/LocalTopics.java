package io.sessionizer.broker;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.admin.JobTopic;
import io.sessionizer.kafka.admin.TopicCreation;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;

/** The topics of a job on a local broker: two partitions each, for either engine. */
public final class LocalTopics {
  private static final int PARTITIONS = 2;

  private LocalTopics() {}

  /** Creates the missing topics, with the names that jobs use if no flag names another one. */
  public static void create(String bootstrapServers) throws InterruptedException {
    create(bootstrapServers, usualSettings());
  }

  /** Creates the missing topics of a job on the broker at {@code bootstrapServers}. */
  public static void create(String bootstrapServers, Settings settings)
      throws InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing = new ArrayList<>();
      for (JobTopic topic : JobTopic.all(settings)) {
        if (!existing.contains(topic.name())) {
          missing.add(
              new NewTopic(topic.name(), Optional.of(PARTITIONS), Optional.empty())
                  .configs(topic.settings()));
        }
      }
      admin.createTopics(missing).all().get();
      TopicCreation.waitUntilWritable(admin, missing.stream().map(NewTopic::name).toList());
    } catch (ExecutionException e) {
      throw new KafkaException("creating topics at " + bootstrapServers, e.getCause());
    }
  }

  /** The names of the topics that {@link #create(String)} creates. */
  public static List<String> names() {
    return JobTopic.all(usualSettings()).stream().map(JobTopic::name).toList();
  }

  private static Settings usualSettings() {
    try {
      return Settings.from(PipelineOptionsFactory.as(SessionizationOptions.class), Engine.STATEFUL);
    } catch (BadFlagsException e) {
      throw new IllegalStateException("the defaults are valid", e);
    }
  }
}
