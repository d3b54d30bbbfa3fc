package io.sessionizer.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The last offset that was committed of each partition, and the one before it: everything read by
 * the checkpoint before the last one is flushed ({@link CommittedOffset}). Not thread-safe.
 *
 * <p>For example, reading starts at 0 and checkpoints commit 2, 3 and 4: up to 0, 0 and 2 is
 * flushed.
 */
final class CommitHistory {
  private final Map<TopicPartition, CommittedOffset> last = new HashMap<>();

  /** A record at {@code offset} was read; the first one of a partition is where reading started. */
  void read(TopicPartition partition, long offset) {
    last.putIfAbsent(partition, CommittedOffset.of(offset));
  }

  /** Returns what to commit for the offset of a checkpoint. */
  CommittedOffset next(TopicPartition partition, OffsetAndMetadata committed) {
    long offset = committed.offset();
    CommittedOffset before = last.getOrDefault(partition, CommittedOffset.of(offset));
    last.put(partition, new CommittedOffset(offset, before.offset()));
    return new CommittedOffset(offset, before.flushed());
  }

  /** Reading a partition starts anew. */
  void restart(TopicPartition partition) {
    last.remove(partition);
  }
}
