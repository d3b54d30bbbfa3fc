package io.sessionizer.watch;

import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.process.OutOfMemory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the offsets of a job's consumer group every second, in a thread of its own. It joins no
 * group and commits nothing.
 */
final class JobMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobMonitor.class);
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final List<String> topics;
  private final JobStatus status;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::monitor, "job-monitor");

  /**
   * Starts to monitor the readers of topics.
   *
   * @param client settings of the client; its group is the job's
   */
  JobMonitor(List<String> topics, Map<String, Object> client, JobStatus status) {
    this.topics = topics;
    this.status = status;
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    thread.setDaemon(true);
    thread.start();
  }

  private void monitor() {
    try (consumer) {
      do {
        try {
          request();
        } catch (KafkaException e) {
          LOG.debug("no offsets of {}", topics, e);
          status.noResponse(clock.millis());
        }
      } while (!closed.await(BETWEEN_REQUESTS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      OutOfMemory.endIfCauseOf(e);
      LOG.error("the state of the job is no longer read", e);
      status.noResponse(clock.millis());
    }
  }

  private void request() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      partitions.addAll(TopicPartitions.of(consumer.partitionsFor(topic, TIMEOUT)));
    }
    String problem = "";
    Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
    try {
      committed = consumer.committed(new HashSet<>(partitions), TIMEOUT);
    } catch (AuthorizationException e) {
      problem = String.valueOf(e.getMessage());
    }
    // After the committed offsets, see JobStatus.
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, TIMEOUT);
    Map<TopicPartition, JobStatus.Offsets> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      offsets.put(
          partition,
          new JobStatus.Offsets(
              TopicPartitions.offset(beginnings, partition),
              TopicPartitions.offset(ends, partition),
              offset == null ? null : offset.offset(),
              offset == null ? "" : offset.metadata()));
    }
    status.responded(offsets, problem, clock.millis());
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
