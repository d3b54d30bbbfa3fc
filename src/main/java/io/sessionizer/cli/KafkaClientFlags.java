package io.sessionizer.cli;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.kafka.TopicCheck;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Option;

/** The flags of commands that are plain Kafka clients. */
final class KafkaClientFlags {
  @Option(
      names = {"--bootstrap-servers", "--bootstrapServers"},
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9092",
      description = "Kafka brokers to begin with [${DEFAULT-VALUE}]")
  private String servers;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "a Kafka client setting; repeat the flag for more")
  private Map<String, String> config = new LinkedHashMap<>();

  String servers() {
    return servers;
  }

  /** The settings for a client. */
  Map<String, Object> config() {
    Map<String, Object> all = new HashMap<>(config);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return all;
  }

  /** Makes sure that a broker answers and has {@code topic}. */
  void requireTopic(String topic) throws NotReadyException {
    new TopicCheck(servers, config, "--config").requireTopics(List.of(topic));
  }
}
