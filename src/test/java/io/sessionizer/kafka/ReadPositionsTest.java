package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.ReadPositions.Loss;
import io.sessionizer.kafka.ReadPositions.Losses;
import io.sessionizer.kafka.ReadPositions.Polled;
import io.sessionizer.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** KafkaIO's backlog is the end reported to it, less the offset behind what it handed over. */
class ReadPositionsTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);
  private static final long SECOND = 1_000;

  /** 2026-11-01T00:00:00Z. */
  private static final long NOW = 1_793_491_200_000L;

  private final ReadPositions positions = new ReadPositions(Duration.ofSeconds(30));

  @Test
  void backlogIsUnknownBeforeTheFirstPoll() {
    assertEquals(-1, reported(5, NOW));
  }

  @Test
  void backlogIsUnknownWithoutPosition() {
    positions.polled(P0, new Polled(OptionalLong.empty(), 3, false));
    assertEquals(-1, reported(5, NOW));
  }

  @Test
  void offsetsWithoutRecordsAreNoBacklog() {
    polled(7, 4);
    assertEquals(4, reported(7, NOW));
  }

  @Test
  void offsetsBehindThePositionAreBacklog() {
    polled(7, 4);
    assertEquals(4 + 2, reported(9, NOW));
  }

  @Test
  void positionBehindTheEndOfTheLogIsUnknown() {
    polled(7, 4);
    assertEquals(-1, reported(6, NOW));
  }

  @Test
  void jobThatDrainsReadsToItsLimit() {
    polled(7, 4);
    assertEquals(Map.of(P0, 4L), positions.endsToReport(Map.of(P0, 9L), Map.of(P0, 6L), NOW));
    assertEquals(Map.of(P0, 4L), positions.endsToReport(Map.of(P0, 9L), Map.of(P0, 7L), NOW));
    assertEquals(Map.of(P0, 5L), positions.endsToReport(Map.of(P0, 9L), Map.of(P0, 8L), NOW));
  }

  @Test
  void polledRecordsAreBacklogUntilHandedOver() {
    polled(7, 7);
    long handedOver = 2;
    assertEquals(5, reported(7, NOW) - handedOver);
  }

  /** The position is at the end for minutes; what was polled waits for the pipeline. */
  @Test
  void blockedPipelineIsNotIdle() {
    var watermarks =
        new PartitionWatermarks(
            new PartitionWatermarks.WatermarkRules(
                Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false));
    watermarks.open(P0, OptionalLong.empty(), NOW);
    watermarks.visitRead(P0, NOW, NOW, NOW);
    watermarks.positions().polled(P0, new Polled(OptionalLong.of(7), 7, false));
    long handedOver = 2;
    for (long later = SECOND; later < 600 * SECOND; later += SECOND) {
      long end = watermarks.positions().endsToReport(Map.of(P0, 7L), Map.of(), NOW + later).get(P0);
      assertEquals(NOW - 60 * SECOND, watermarks.watermark(P0, end - handedOver, NOW + later));
    }
    assertFalse(watermarks.isIdle(P0));
    watermarks.watermark(P0, 0, NOW + 600 * SECOND);
    assertTrue(watermarks.isIdle(P0));
  }

  @Test
  void reopenedPartitionHasNoPosition() {
    polled(7, 4);
    positions.forget(P0);
    assertEquals(-1, reported(7, NOW));
  }

  @Test
  void missingPartitionHasNoBacklog() {
    polled(7, 4);
    positions.exist(1);
    assertFalse(positions.isMissing(P0));
    positions.exist(0);
    assertTrue(positions.isMissing(P0));
    assertEquals(4, positions.next(P0));
  }

  @Test
  void lossesAreTakenOnce() {
    assertTrue(positions.lost(P0, new Losses(3, 0), new Loss(0, "2 to 4 were deleted")));
    assertTrue(positions.lost(P0, new Losses(2, 1), new Loss(0, "6 to 7 were deleted")));
    assertEquals(new Losses(5, 1), positions.takeLosses(P0));
    assertEquals(Losses.NONE, positions.takeLosses(P0));
  }

  @Test
  void lossFoundAgainByAReopenedReaderIsCountedOnce() {
    assertTrue(positions.lost(P0, new Losses(3, 0), new Loss(0, "2 to 4 were deleted")));
    assertFalse(positions.lost(P0, new Losses(3, 0), new Loss(0, "2 to 4 were deleted")));
    assertEquals(new Losses(3, 0), positions.takeLosses(P0));
    assertTrue(positions.lost(P0, new Losses(3, 0), new Loss(7, "2 to 4 were deleted")));
  }

  @Test
  void openTransactionIsBacklogAndReportedOnceAMinute() {
    positions.polled(P0, new Polled(OptionalLong.of(7), 7, true));
    try (CapturedLog log = CapturedLog.start()) {
      for (long later = 0; later <= 120 * SECOND; later += SECOND) {
        assertEquals(9, reported(9, NOW + later));
      }
      String warning =
          "visits-0: a transaction that is open since 2026-11-01T00:00:00Z or longer hides the"
              + " records from offset 7 on and holds back the watermark; if its producer is gone,"
              + " find and abort it with kafka-transactions.sh";
      assertEquals(List.of(warning, warning), log.warnings(ReadPositions.class));
    }
  }

  @Test
  void transactionsThatEndAreNotReported() {
    try (CapturedLog log = CapturedLog.start()) {
      for (long later = 0; later <= 120 * SECOND; later += SECOND) {
        positions.polled(P0, new Polled(OptionalLong.of(later / 20 / SECOND), 7, true));
        reported(9, NOW + later);
      }
      assertEquals(List.of(), log.warnings(ReadPositions.class));
    }
  }

  @Nested
  class Offsets {
    private final Uuid submitted = Uuid.randomUuid();
    private final Uuid other = Uuid.randomUuid();

    @Test
    void ofTheSubmittedTopicStayAsTheyAre() {
      int topic = TopicOffset.topic(submitted, submitted.toString());
      assertEquals(5, new TopicOffset(topic, 5).number());
      assertEquals(new TopicOffset(topic, 5), TopicOffset.of(5));
    }

    @Test
    void ofAnotherTopicCarryIt() {
      int topic = TopicOffset.topic(other, submitted.toString());
      long number = new TopicOffset(topic, 5).number();
      assertTrue(number > 1L << 48);
      assertEquals(new TopicOffset(topic, 5), TopicOffset.of(number));
      assertEquals(number + 3, new TopicOffset(topic, 8).number());
      assertTrue(TopicOffset.isOf(topic, other, submitted.toString()));
      assertFalse(TopicOffset.isOf(topic, submitted, submitted.toString()));
      assertFalse(TopicOffset.isOf(TopicOffset.SUBMITTED, other, submitted.toString()));
    }

    @Test
    void ofAnUnknownTopicAreThoseOfTheSubmittedOne() {
      assertEquals(TopicOffset.SUBMITTED, TopicOffset.topic(other, null));
      assertTrue(TopicOffset.isOf(TopicOffset.SUBMITTED, other, null));
    }
  }

  private void polled(long position, long next) {
    positions.polled(P0, new Polled(OptionalLong.of(position), next, false));
  }

  private long reported(long end, long now) {
    return positions.endsToReport(Map.of(P0, end), Map.of(), now).get(P0);
  }
}
