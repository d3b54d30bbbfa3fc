package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.DataLoss.Counts;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the readers of one JVM report about their topics. */
class TopicChangesTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  private final TopicChanges changes = new TopicChanges();

  @Test
  void countsLossesOnce() {
    assertTrue(changes.addLoss(P0, 0, DataLoss.deleted(2, 5)));
    assertTrue(changes.addLoss(P0, 0, new DataLoss(new Counts(2, 1), "6 to 7 were deleted")));
    assertEquals(new Counts(5, 1), changes.takeLosses(P0));
    assertEquals(Counts.NONE, changes.takeLosses(P0));
  }

  @Test
  void ignoresLossNoticedByReopenedReader() {
    assertTrue(changes.addLoss(P0, 0, DataLoss.deleted(2, 5)));
    assertFalse(changes.addLoss(P0, 0, DataLoss.deleted(2, 5)));
    assertEquals(new Counts(3, 0), changes.takeLosses(P0));
    assertTrue(changes.addLoss(P0, 7, DataLoss.deleted(2, 5)));
  }

  @Test
  void missesPartitionsOfSmallerTopic() {
    assertFalse(changes.isMissing(P0));
    changes.setPartitions("visits", 1);
    assertFalse(changes.isMissing(P0));
    changes.setPartitions("visits", 0);
    assertTrue(changes.isMissing(P0));
    assertFalse(changes.isMissing(new TopicPartition("other", 0)));
  }

  @Test
  void reportsNumberOfPartitionsOnce() {
    assertTrue(changes.reportPartitions("visits", 3));
    assertFalse(changes.reportPartitions("visits", 3));
    assertTrue(changes.reportPartitions("visits", 4));
    assertTrue(changes.reportPartitions("other", 4));
    assertFalse(changes.reportPartitions("visits", 4));
  }
}
