package io.sessionizer.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes partitions whose next record is gone, at the first one that there is. Kafka's own
 * consumer skips or repeats records without a message when records were deleted before they were
 * read, a log was truncated, or a topic was deleted and created anew; here each of that is logged
 * and counted ({@link DataLoss}). Not thread-safe.
 */
final class PositionRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(PositionRecovery.class);

  private final PartitionLogs logs;
  private final CheckpointOffsets checkpoints;
  private final ReadRange range;
  private final CommitHistory commits;
  private final Optional<TopicChanges> changes;

  /** Partitions that were moved to another offset, which KafkaIO does not know yet. */
  private final Set<TopicPartition> moved = new HashSet<>();

  PositionRecovery(
      PartitionLogs logs,
      CheckpointOffsets checkpoints,
      ReadRange range,
      CommitHistory commits,
      Optional<TopicChanges> changes) {
    this.logs = logs;
    this.checkpoints = checkpoints;
    this.range = range;
    this.commits = commits;
    this.changes = changes;
  }

  /**
   * Restarts and returns the partitions that belong to another topic of the name of {@code topic}.
   */
  Set<TopicPartition> restartRecreated(TopicLookup.TopicIdentity topic) {
    changes.ifPresent(all -> all.setPartitions(topic.name(), topic.partitions()));
    Set<TopicPartition> recreated = checkpoints.recreated(logs.assignment(), topic);
    recreated.forEach(this::restart);
    return recreated;
  }

  private void restart(TopicPartition partition) {
    commits.restart(partition);
    range.resume(partition, 0);
    logs.resume(List.of(partition));
    logs.seekToBeginning(List.of(partition));
    long readTo = TopicOffset.of(checkpoints.next(partition)).offset();
    report(partition, DataLoss.recreated(readTo, isMissing(partition)));
  }

  private boolean isMissing(TopicPartition partition) {
    return changes.map(all -> all.isMissing(partition)).orElse(false);
  }

  /**
   * Resumes partitions whose position is out of range: at the first record there is, or in a
   * truncated log at the first one that is not the one that was read. If the brokers do not
   * respond, the positions stay out of range, and the next poll fails again.
   *
   * @param restarted partitions that were restarted since
   */
  void resume(OffsetOutOfRangeException e, Set<TopicPartition> restarted) {
    Map<TopicPartition, Long> positions = new HashMap<>(e.offsetOutOfRangePartitions());
    positions.keySet().removeAll(restarted);
    Map<TopicPartition, OffsetAndMetadata> divergent =
        e instanceof LogTruncationException truncated ? truncated.divergentOffsets() : Map.of();
    try {
      Map<TopicPartition, Long> beginnings = logs.beginnings(positions.keySet());
      Map<TopicPartition, Long> ends = logs.ends(positions.keySet());
      positions.forEach(
          (partition, position) -> {
            long first = TopicPartitions.offset(beginnings, partition);
            long end = TopicPartitions.offset(ends, partition);
            if (position < first) {
              logs.seek(partition, first);
              report(partition, DataLoss.deleted(position, first));
            } else if (divergent.containsKey(partition)) {
              truncated(partition, position, Math.max(first, divergent.get(partition).offset()));
            } else if (e instanceof LogTruncationException) {
              truncated(partition, position, first); // No record that was read is there.
            } else if (position > end) {
              // Of an unknown topic, the log may be another one.
              boolean isTopicKnown = checkpoints.isTopicKnown(partition.topic());
              truncated(partition, position, isTopicKnown ? end : first);
            }
          });
    } catch (RetriableException again) {
      LOG.debug("the first records of {} are not known yet", positions.keySet(), again);
    }
  }

  private void truncated(TopicPartition partition, long position, long to) {
    logs.seek(partition, to);
    range.resume(partition, to);
    report(partition, DataLoss.truncated(position, to));
  }

  private void report(TopicPartition partition, DataLoss loss) {
    moved.add(partition);
    int topic = checkpoints.topic(partition);
    if (changes.map(all -> all.addLoss(partition, topic, loss)).orElse(true)) {
      LOG.warn("{}: {}", partition, loss.message());
    }
  }

  /** Returns whether a partition was moved since the last call. */
  boolean wasMoved(TopicPartition partition) {
    return moved.remove(partition);
  }
}
