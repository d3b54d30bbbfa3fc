package io.sessionizer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that requests a topic's id and number of partitions from the brokers; a consumer knows
 * the id, but does not expose it. Not thread-safe.
 */
final class TopicLookup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLookup.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final String topic;
  private final Map<String, Object> config;
  private Optional<Admin> admin = Optional.empty();
  private boolean isRejected;
  private boolean isMissing;

  /** A topic as it is now: its id and its number of partitions. */
  record TopicIdentity(Uuid id, int partitions) {}

  /** Creates a lookup of {@code topic} with the settings of a consumer; it connects later. */
  TopicLookup(String topic, Map<String, Object> consumerConfig) {
    this.topic = topic;
    this.config = new HashMap<>(consumerConfig);
    // Without the settings that only consumers know, but with those of plugins.
    Set<String> admins = AdminClientConfig.configNames();
    config.keySet().removeIf(n -> ConsumerConfig.configNames().contains(n) && !admins.contains(n));
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
  }

  /**
   * Returns the topic as it is now; empty if it does not exist, if no broker responds, or if the
   * brokers reject the request, for lack of permission or because they are older than topic ids.
   * After a rejection, no more requests are sent.
   */
  Optional<TopicIdentity> find() {
    if (isRejected) {
      return Optional.empty();
    }
    try {
      KafkaFuture<TopicDescription> response =
          Objects.requireNonNull(
              admin().describeTopics(List.of(topic)).topicNameValues().get(topic),
              "a response has every requested topic");
      TopicDescription description = response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      isMissing = false;
      return Uuid.ZERO_UUID.equals(description.topicId())
          ? Optional.empty()
          : Optional.of(new TopicIdentity(description.topicId(), description.partitions().size()));
    } catch (ExecutionException e) {
      isRejected =
          e.getCause() instanceof AuthorizationException
              || e.getCause() instanceof UnsupportedVersionException;
      if (e.getCause() instanceof UnknownTopicOrPartitionException && !isMissing) {
        isMissing = true;
        LOG.warn("the topic {} does not exist any more: reading waits until it is created", topic);
      }
      LOG.debug("topic {} cannot be looked up", topic, e);
      return Optional.empty();
    } catch (TimeoutException e) {
      LOG.debug("topic {} cannot be looked up", topic, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Admin admin() {
    if (admin.isEmpty()) {
      admin = Optional.of(Admin.create(config));
    }
    return admin.get();
  }

  @Override
  public void close() {
    admin.ifPresent(open -> open.close(Duration.ZERO));
  }
}
