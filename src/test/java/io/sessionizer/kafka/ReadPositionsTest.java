package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.ReadPositions.Polled;
import io.sessionizer.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** KafkaIO's backlog is the end reported to it, minus the offset behind what it handed over. */
class ReadPositionsTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);
  private static final long SECOND = 1_000;

  /** 2026-11-01T00:00:00Z. */
  private static final long NOW = 1_793_491_200_000L;

  private static final StoppingOffsets UNBOUNDED = StoppingOffsets.of(Map.of());

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
  void positionBehindEndOfLogIsUnknown() {
    polled(7, 4);
    assertEquals(-1, reported(6, NOW));
  }

  @Test
  void jobThatDrainsReadsToItsLimit() {
    polled(7, 4);
    assertEquals(4, drained(6));
    assertEquals(4, drained(7));
    assertEquals(5, drained(8));
  }

  @Test
  void polledRecordsAreBacklogUntilHandedOver() {
    polled(7, 7);
    long handedOver = 2;
    assertEquals(5, reported(7, NOW) - handedOver);
  }

  /** The position is at the end for minutes; polled records wait for the pipeline. */
  @Test
  void blockedPipelineIsNotIdle() {
    var watermarks =
        new PartitionWatermarks(
            new WatermarkRules(
                Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false));
    watermarks.open(P0, OptionalLong.empty(), NOW);
    watermarks.visitRead(P0, NOW, NOW, NOW);
    positions.polled(P0, new Polled(OptionalLong.of(7), 7, false));
    long handedOver = 2;
    for (long later = SECOND; later < 600 * SECOND; later += SECOND) {
      long end = reported(7, NOW + later);
      assertEquals(NOW - 60 * SECOND, watermarks.watermark(P0, end - handedOver, NOW + later));
    }
    assertFalse(watermarks.isIdle(P0));
    watermarks.watermark(P0, 0, NOW + 600 * SECOND);
    assertTrue(watermarks.isIdle(P0));
  }

  @Test
  void reopenedPartitionHasNoPosition() {
    polled(7, 4);
    positions.reset(P0);
    assertEquals(-1, reported(7, NOW));
  }

  @Test
  void waitsNoLongerThanTheTimeout() {
    polled(7, 4);
    assertFalse(positions.waitUntilPolledBehind(Map.of(P0, 4L), Duration.ofMillis(20)));
  }

  @Test
  void unpolledPartitionIsWaitedFor() {
    assertFalse(positions.waitUntilPolledBehind(Map.of(P0, 4L), Duration.ofMillis(20)));
  }

  @Test
  void pollEndsTheWait() {
    polled(7, 4);
    CompletableFuture<Boolean> wait =
        CompletableFuture.supplyAsync(
            () -> positions.waitUntilPolledBehind(Map.of(P0, 4L), Duration.ofMinutes(10)));
    polled(8, 5);
    assertTrue(wait.orTimeout(1, TimeUnit.MINUTES).join());
  }

  @Test
  void keepsNextOffsetOfPolledPartition() {
    polled(7, 4);
    assertEquals(4, positions.next(P0));
  }

  @Test
  void openTransactionIsReportedOncePerMinute() {
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

  private void polled(long position, long next) {
    positions.polled(P0, new Polled(OptionalLong.of(position), next, false));
  }

  private long reported(long end, long now) {
    return positions.endsToReport(Map.of(P0, end), UNBOUNDED, now).get(P0);
  }

  /** The end that is reported if the log ends at 9 and reading stops earlier. */
  private long drained(long stop) {
    return positions
        .endsToReport(Map.of(P0, 9L), StoppingOffsets.of(Map.of(P0, stop)), NOW)
        .get(P0);
  }
}
