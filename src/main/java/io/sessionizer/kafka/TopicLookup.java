package io.sessionizer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
 * A client that requests ids and numbers of partitions of topics from the brokers; a consumer knows
 * the ids, but does not expose them. Not thread-safe.
 */
final class TopicLookup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLookup.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Map<String, Object> config;
  private Optional<Admin> admin = Optional.empty();

  /** Topics of which requests are rejected. */
  private final Set<String> rejected = new HashSet<>();

  /** Topics that did not exist when they were looked up last. */
  private final Set<String> missing = new HashSet<>();

  /** A topic as it is now: its name, its id and its number of partitions. */
  record TopicIdentity(String name, Uuid id, int partitions) {}

  /** Creates a lookup with the settings of a consumer; it connects later. */
  TopicLookup(Map<String, Object> consumerConfig) {
    this.config = new HashMap<>(consumerConfig);
    // Without the settings that only consumers know, but with those of plugins.
    Set<String> admins = AdminClientConfig.configNames();
    config.keySet().removeIf(n -> ConsumerConfig.configNames().contains(n) && !admins.contains(n));
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
  }

  /**
   * Returns topics as they are now, without those that do not exist; none if no broker responds.
   * Topics of which the brokers reject the request, for lack of permission or because they are
   * older than topic ids, are left out, and not requested again.
   */
  List<TopicIdentity> find(Collection<String> names) {
    Set<String> requested = new HashSet<>(names);
    requested.removeAll(rejected);
    List<TopicIdentity> found = new ArrayList<>();
    if (requested.isEmpty()) {
      return found;
    }
    try {
      Map<String, KafkaFuture<TopicDescription>> response =
          admin().describeTopics(requested).topicNameValues();
      for (String name : requested) {
        identity(
                name,
                Objects.requireNonNull(response.get(name), "a response has every requested topic"))
            .ifPresent(found::add);
      }
    } catch (TimeoutException e) {
      LOG.debug("topics {} cannot be looked up", requested, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return found;
  }

  private Optional<TopicIdentity> identity(String name, KafkaFuture<TopicDescription> response)
      throws TimeoutException, InterruptedException {
    try {
      TopicDescription topic = response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      missing.remove(name);
      return Uuid.ZERO_UUID.equals(topic.topicId())
          ? Optional.empty()
          : Optional.of(new TopicIdentity(name, topic.topicId(), topic.partitions().size()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnsupportedVersionException) {
        rejected.add(name);
      }
      if (e.getCause() instanceof UnknownTopicOrPartitionException && missing.add(name)) {
        LOG.warn("the topic {} does not exist any more: reading waits until it is created", name);
      }
      LOG.debug("topic {} cannot be looked up", name, e);
      return Optional.empty();
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
