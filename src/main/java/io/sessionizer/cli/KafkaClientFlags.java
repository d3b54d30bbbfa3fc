package io.sessionizer.cli;

import io.sessionizer.config.KafkaConfig;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.TopicNames;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.KafkaSettingsCheck;
import io.sessionizer.kafka.admin.TopicCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Flags of commands that are plain Kafka clients. */
final class KafkaClientFlags {
  @Option(
      names = "--bootstrapServers",
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9092",
      description = "Kafka brokers. Several are separated by commas [${DEFAULT-VALUE}]")
  private String servers;

  @Option(
      names = "--clientConfig",
      paramLabel = "FILE",
      converter = ConfigConverter.class,
      description =
          "Kafka client settings: a file or KEY=VALUE. The file is a properties file. The flag may"
              + " be repeated")
  private List<Map<String, String>> configs = new ArrayList<>();

  String servers() {
    return servers;
  }

  /** Returns the settings of a client. */
  Map<String, Object> config() {
    Map<String, Object> all = new HashMap<>(userConfig());
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return all;
  }

  /** Checks that a broker responds and has {@code topic}. */
  TopicCheck requireTopic(String topic) throws NotReadyException {
    return requireTopics(List.of(topic), TopicNames.USUAL);
  }

  /** Checks that a broker responds and has {@code topics}, which a job would read. */
  TopicCheck requireVisits(List<String> topics) throws NotReadyException {
    return requireTopics(topics, TopicNames.ofVisits(topics));
  }

  /** Checks the flag of a command that reads or writes one topic. */
  static void checkOneTopic(String topic, List<String> problems) {
    if (!TopicNames.isName(topic)) {
      String problem = topic.contains(",") ? "must be one topic, not several" : TopicNames.EXPECTED;
      problems.add("--topic=%s: %s".formatted(topic, problem));
    }
  }

  private TopicCheck requireTopics(List<String> topics, TopicNames names) throws NotReadyException {
    IgnoredSettings.warn("--clientConfig", userConfig(), servers);
    TopicCheck check = new TopicCheck(servers, userConfig(), "--clientConfig");
    check.requireTopics(topics, names);
    return check;
  }

  /** Opens {@code topic} for writing, after a check that broker, topic and settings are ready. */
  KafkaVisitSink openTopic(String topic) throws NotReadyException {
    KafkaSettingsCheck.requireWritable("--clientConfig", userConfig());
    requireVisits(List.of(topic));
    try {
      return KafkaVisitSink.open(topic, config());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new NotReadyException("cannot write to Kafka: " + cause.getMessage());
    }
  }

  private Map<String, String> userConfig() {
    Map<String, String> all = new HashMap<>();
    configs.forEach(all::putAll);
    return all;
  }

  private static final class ConfigConverter implements ITypeConverter<Map<String, String>> {
    @Override
    public Map<String, String> convert(String text) {
      try {
        return KafkaConfig.read(text);
      } catch (IOException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
