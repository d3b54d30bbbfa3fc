package io.sessionizer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports that a job runs, every few seconds for each partition that it reads. Thread-safe. */
final class InstanceReports {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceReports.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final UUID job;
  private final Map<TopicPartition, Long> reportedAt = new HashMap<>();
  private boolean isRejected;

  InstanceReports(UUID job) {
    this.job = job;
  }

  /**
   * Reports, if it is time. A failure does not stop a reader.
   *
   * @param consumer one of the group that has the reports
   * @param ends the ends of the partitions that a reader reads
   * @param now the wall clock
   */
  void report(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, long now) {
    Map<TopicPartition, OffsetAndMetadata> reports = take(ends, now);
    if (reports.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(reports, TIMEOUT);
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (AuthorizationException e) {
      reject(e);
    } catch (KafkaException e) {
      LOG.debug("reporting that the job runs, trying again later", e);
    }
  }

  private synchronized Map<TopicPartition, OffsetAndMetadata> take(
      Map<TopicPartition, Long> ends, long now) {
    Map<TopicPartition, OffsetAndMetadata> reports = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          Long before = reportedAt.get(partition);
          if (!isRejected
              && (before == null || now - before >= InstanceReport.INTERVAL.toMillis())) {
            reportedAt.put(partition, now);
            reports.put(partition, InstanceReport.of(job, now).at(end));
          }
        });
    return reports;
  }

  private synchronized void reject(AuthorizationException e) {
    isRejected = true;
    LOG.warn("a second job of the group will not be noticed: {}", e.getMessage());
  }
}
