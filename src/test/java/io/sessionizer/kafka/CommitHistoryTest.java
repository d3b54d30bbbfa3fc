package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CommitHistoryTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  private final CommitHistory history = new CommitHistory();

  @Test
  void flushesUpToCheckpointBeforeLast() {
    history.read(P0, 0);
    history.read(P0, 1);
    assertEquals(new CommittedOffset(2, 0), next(2));
    assertEquals(new CommittedOffset(3, 0), next(3));
    assertEquals(new CommittedOffset(4, 2), next(4));
  }

  @Test
  void everythingIsFlushedBeforeFirstRead() {
    assertEquals(new CommittedOffset(5, 5), next(5));
  }

  @Test
  void restartDropsEarlierOffsets() {
    history.read(P0, 7);
    history.restart(P0);
    history.read(P0, 0);
    assertEquals(new CommittedOffset(2, 0), next(2));
  }

  private CommittedOffset next(long offset) {
    return history.next(P0, new OffsetAndMetadata(offset));
  }
}
