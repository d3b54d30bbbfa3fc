package io.sessionizer.watch;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.TopicCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** The topics of a job that exist. */
final class ExistingTopics {
  private ExistingTopics() {}

  /**
   * Returns the topics of a job. The windows engine writes no late visits, so there may be no topic
   * for them.
   *
   * @throws NotReadyException if no broker responds, or another topic is missing
   */
  static List<String> of(Settings settings) throws NotReadyException {
    IgnoredSettings.warn(
        "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
    TopicCheck check =
        new TopicCheck(settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
    TopicNames names = settings.topics();
    List<String> topics = new ArrayList<>(names.all());
    List<String> missing = check.missing(topics);
    topics.removeAll(missing);
    check.requireNone(
        missing.stream().filter(name -> !name.equals(names.lateVisits())).toList(), names);
    return topics;
  }

  /** Returns the settings of a client that reads them. */
  static Map<String, Object> client(Settings settings) {
    Map<String, Object> client = new HashMap<>(settings.consumerConfig());
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return client;
  }
}
