package io.sessionizer.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The logs of a consumer's partitions, with offsets as Kafka counts them. KafkaIO sees others
 * ({@link CheckpointOffsets}).
 */
interface PartitionLogs {
  /** Returns the partitions that are read. */
  Set<TopicPartition> assignment();

  /** Moves the position of a partition. */
  void seek(TopicPartition partition, long offset);

  /** Moves the positions of partitions to their first records. */
  void seekToBeginning(Collection<TopicPartition> partitions);

  /** Returns the position of a partition. */
  long position(TopicPartition partition);

  /** Returns the offset of the first record of each partition. */
  Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions);

  /** Returns the offset behind the last record of each partition. */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions);

  /** Returns the first offset at a time, in epoch milliseconds; absent where no record is newer. */
  Map<TopicPartition, Long> offsetsAt(Collection<TopicPartition> partitions, long millis);

  /** Polls partitions again that were paused at their stopping offset. */
  void resume(Collection<TopicPartition> partitions);
}
