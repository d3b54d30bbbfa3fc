package io.sessionizer.kafka;

import io.sessionizer.config.NotReadyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks at the brokers and the topics before the job is built. */
public final class TopicCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a topic takes unless it says otherwise, in bytes. */
  private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

  private final String bootstrapServers;
  private final Map<String, String> clientConfig;

  /** Will ask the brokers at {@code bootstrapServers}, with a user's settings. */
  public TopicCheck(String bootstrapServers, Map<String, String> clientConfig) {
    this.bootstrapServers = bootstrapServers;
    this.clientConfig = clientConfig;
  }

  /**
   * Makes sure that a broker answers and that the topics exist.
   *
   * @throws NotReadyException if not
   */
  public void requireTopics(List<String> topics) throws NotReadyException {
    try (Admin admin = admin()) {
      List<String> missing = new ArrayList<>();
      var found = admin.describeTopics(topics).topicNameValues();
      for (String topic : topics) {
        if (!exists(found.get(topic))) {
          missing.add(topic);
        }
      }
      if (!missing.isEmpty()) {
        throw new NotReadyException(
            "no topic %s at %s: create it with kafka-topics.sh --create, or name another one"
                .formatted(String.join(", ", missing), bootstrapServers));
      }
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  /** Returns the largest record that a topic takes, in bytes. */
  public int maxMessageBytes(String name) {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    try (Admin admin = admin()) {
      return Integer.parseInt(
          get(admin.describeConfigs(List.of(topic)).values().get(topic))
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value());
    } catch (KafkaException e) {
      return DEFAULT_MAX_MESSAGE_BYTES; // Not everybody may read a topic's configuration.
    }
  }

  /**
   * Returns, for every partition of a topic, the offset behind the last record there is now. That
   * is not always the end offset: the end of a transaction takes an offset, too, and no consumer
   * ever sees it.
   */
  public Map<TopicPartition, Long> ends(String topic) throws NotReadyException {
    try (var consumer = new KafkaConsumer<byte[], byte[]>(consumerConfig())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (var end : consumer.endOffsets(partitions).entrySet()) {
        long beginning = beginnings.get(end.getKey());
        ends.put(end.getKey(), behindLastRecord(consumer, end.getKey(), beginning, end.getValue()));
      }
      return ends;
    } catch (KafkaException e) {
      throw notReady(e);
    }
  }

  private static long behindLastRecord(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long beginning, long end) {
    consumer.assign(List.of(partition));
    for (long back = 2; ; back *= 2) {
      long from = Math.max(beginning, end - back);
      long behindLast = beginning;
      consumer.seek(partition, from);
      while (consumer.position(partition) < end) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (record.offset() < end) {
            behindLast = Math.max(behindLast, record.offset() + 1);
          }
        }
      }
      if (behindLast > beginning || from == beginning) {
        return behindLast;
      }
    }
  }

  private Admin admin() {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    return Admin.create(config);
  }

  private Map<String, Object> consumerConfig() {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return config;
  }

  private static boolean exists(KafkaFuture<?> topic) {
    try {
      get(topic);
      return true;
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    }
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  private NotReadyException notReady(KafkaException e) {
    if (e instanceof TimeoutException) {
      return new NotReadyException(
          "no Kafka broker answers at %s within %d s: start one with ./sessionizer broker, or name"
                  .formatted(bootstrapServers, PATIENCE.toSeconds())
              + " yours with --bootstrapServers=HOST:PORT");
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new NotReadyException("Kafka at %s: %s".formatted(bootstrapServers, cause.getMessage()));
  }
}
