package io.sessionizer.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other jobs of a consumer group, by their reports ({@link InstanceReport}). A job that was
 * killed has reported shortly before: so a report counts when it is renewed, until it has expired.
 */
public final class OtherInstances {
  private static final Logger LOG = LoggerFactory.getLogger(OtherInstances.class);
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(1);

  private final Map<String, Object> config;
  private final String group;
  private final @Nullable UUID job;

  /**
   * Creates them; it connects to nothing yet.
   *
   * @param config settings of a consumer of the group
   * @param job the job whose own reports do not count; null if it has not reported yet
   */
  public OtherInstances(Map<String, Object> config, @Nullable UUID job) {
    this.config = new HashMap<>(config);
    this.group = String.valueOf(config.get(ConsumerConfig.GROUP_ID_CONFIG));
    this.job = job;
    this.config.put(ConsumerConfig.GROUP_ID_CONFIG, InstanceReport.group(group));
    this.config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
  }

  /**
   * Waits until a report is renewed or has expired, if there is one.
   *
   * @param topics those that the jobs read
   * @return the renewed report
   * @throws KafkaException if no broker responds
   */
  public Optional<InstanceReport> find(Collection<String> topics) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Optional<InstanceReport> first = newest(consumer, topics);
      if (first.isEmpty() || first.get().age(now()).compareTo(InstanceReport.EXPIRY) >= 0) {
        return Optional.empty();
      }
      // The clock of the reader may be ahead of this one.
      long expiry = Math.min(first.get().asOf(), now()) + InstanceReport.EXPIRY.toMillis();
      LOG.info(
          "a job of group {} on {} reported at {}: waiting for {} s at most, to see whether it still"
              + " runs",
          group,
          first.get().host(),
          Instant.ofEpochMilli(first.get().asOf()),
          Duration.ofMillis(expiry - now()).toSeconds());
      while (now() < expiry) {
        Thread.sleep(BETWEEN_REQUESTS.toMillis());
        Optional<InstanceReport> next = newest(consumer, topics);
        if (next.isEmpty()) {
          return Optional.empty(); // It has stopped.
        }
        if (next.get().asOf() > first.get().asOf()) {
          return next;
        }
      }
      return Optional.empty();
    } catch (AuthorizationException e) {
      LOG.warn("another job of group {} would not be noticed: {}", group, e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** For a reader: fails if another job of the group runs. */
  void requireNone(TopicPartition partition) {
    find(List.of(partition.topic()))
        .ifPresent(
            report -> {
              throw new IllegalStateException(message(report));
            });
  }

  /** Says that another job runs, and what to do. */
  public String message(InstanceReport report) {
    return "another job of group %s (run %s) on %s reported %s s ago: stop it first; or give this one topics and a group of its own (--consumerConfig=group.id=NAME); or start it all the same with --takeOver"
        .formatted(group, report.job(), report.host(), report.age(now()).toSeconds());
  }

  /**
   * Retracts the reports of a job that has stopped. A failure is only logged: the next start waits
   * until they have expired.
   *
   * @param patience for how long it waits for a broker's response at most
   */
  public void retract(Collection<String> topics, UUID stopped, Duration patience) {
    Map<TopicPartition, OffsetAndMetadata> retracted = new HashMap<>();
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      committed(consumer, topics)
          .forEach(
              (partition, offset) -> {
                if (InstanceReport.in(offset).filter(r -> r.job().equals(stopped)).isPresent()) {
                  retracted.put(partition, new OffsetAndMetadata(offset.offset(), "stopped"));
                }
              });
      consumer.commitSync(retracted);
    } catch (KafkaException e) {
      LOG.debug("retracting the reports that the job runs", e);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Optional<InstanceReport> newest(KafkaConsumer<?, ?> consumer, Collection<String> topics) {
    return committed(consumer, topics).values().stream()
        .flatMap(offset -> InstanceReport.in(offset).stream())
        .filter(report -> !Objects.equals(report.job(), job))
        .max(Comparator.comparingLong(InstanceReport::asOf));
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      KafkaConsumer<?, ?> consumer, Collection<String> topics) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    consumer
        .committed(new HashSet<>(TopicPartitions.of(consumer, topics)))
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                committed.put(partition, offset);
              }
            });
    return committed;
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
