package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Provenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The watermark after records were read at certain times, and with others still to be read. Event
 * times are counted from {@link #REPLAYED}, wall times from {@link #NOW}, which is years later.
 */
class PartitionWatermarksTest {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  /** 2024-01-01T00:00:00Z. */
  private static final long REPLAYED = 1_704_067_200_000L;

  /** 2026-11-01T00:00:00Z. */
  private static final long NOW = 1_793_491_200_000L;

  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long END_OF_TIME = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
  private static final long UNKNOWN = -1;

  private static final TopicPartition P0 = new TopicPartition("visits", 0);
  private static final TopicPartition P1 = new TopicPartition("visits", 1);
  private static final TopicPartition P2 = new TopicPartition("visits", 2);

  private PartitionWatermarks watermarks;

  @BeforeEach
  void twoPartitions() {
    watermarks = watermarks(false);
    open(P0);
    open(P1);
  }

  @Nested
  class OnePartition {
    @Test
    void hasNoWatermarkBeforeFirstVisit() {
      assertEquals(NEVER, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void trailsNewestEventTimeByOutOfOrderness() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void neverGoesBack() {
      read(P0, 10 * MINUTE, 0);
      read(P0, 2 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void ignoresRejectedRecords() {
      read(P0, 10 * MINUTE, 0);
      watermarks.recordRead(P0, NOW, NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void laggingPartitionHoldsBack() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 2, NOW + 600 * MINUTE));
    }

    @Test
    void unknownBacklogHoldsBack() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, UNKNOWN, NOW + 600 * MINUTE));
    }

    @Test
    void unreachableBrokerHoldsBack() {
      // The last check of the end was 29 s after the last record; that it is long ago now proves
      // nothing.
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 29 * SECOND));
    }
  }

  /** Event times are about {@link #NOW}. */
  @Nested
  class FastClocks {
    @Test
    void clockLimitsFastDevice() {
      readLive(P0, -SECOND, 0);
      readLive(P0, 50 * MINUTE, SECOND);
      assertEquals(NOW + SECOND - MINUTE, watermarks.watermark(P0, 5, NOW + SECOND));
    }

    @Test
    void advancesWithClockToFastEventTime() {
      readLive(P0, 50 * MINUTE, 0);
      assertEquals(NOW + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      readLive(P0, -20 * MINUTE, 20 * MINUTE);
      assertEquals(NOW + 19 * MINUTE, watermarks.watermark(P0, 3, NOW + 20 * MINUTE));
      readLive(P0, -SECOND, 70 * MINUTE);
      assertEquals(NOW + 69 * MINUTE - SECOND, watermarks.watermark(P0, 0, NOW + 70 * MINUTE));
    }

    @Test
    void laggingPartitionKeepsLastClock() {
      readLive(P0, 50 * MINUTE, 0);
      assertEquals(NOW - MINUTE, watermarks.watermark(P0, 40, NOW + 40 * MINUTE));
      assertEquals(NOW - MINUTE, watermarks.watermark(P0, UNKNOWN, NOW + 40 * MINUTE));
    }

    @Test
    void clockStopsWithoutChecks() {
      readLive(P0, 50 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW + SECOND);
      // 40 minutes later, the last check is still that of a second after the record.
      assertEquals(NOW + SECOND - MINUTE, watermarks.watermark(P0, 0, NOW + SECOND));
    }

    @Test
    void idlePartitionDoesNotPassClock() {
      readLive(P0, 50 * MINUTE, 0);
      readLive(P1, -SECOND, 0);
      assertEquals(NOW + 4 * MINUTE, both(5 * MINUTE));
      assertEquals(NOW + 39 * MINUTE, both(40 * MINUTE));
    }

    @Test
    void closesSessionOfFastDevice() {
      readLive(P0, 50 * MINUTE, 0);
      long closed = NOW + 50 * MINUTE + 16 * MINUTE;
      assertEquals(closed - 1, both(67 * MINUTE - 1));
      assertEquals(closed, both(67 * MINUTE));
      assertEquals(NOW + 50 * MINUTE + 31 * MINUTE, both(100_000 * MINUTE));
    }

    @Test
    void peersDoNotPassClock() {
      watermarks = watermarks(false);
      open(P0);
      watermarks.received(
          P1, new PartitionProgress(NOW + 50 * MINUTE, NOW, NOW - MINUTE, true, NOW));
      assertEquals(NOW, watermarks.watermark(P0, 0, NOW + MINUTE));
      assertEquals(NOW + 29 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * MINUTE));
    }

    @Test
    void restoredWatermarkWaitsForClock() {
      watermarks = watermarks(false);
      watermarks.open(P0, OptionalLong.of(NOW + 49 * MINUTE), NOW);
      readLive(P0, -SECOND, SECOND);
      assertEquals(NOW + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * MINUTE));
      assertEquals(NOW + 54 * MINUTE, watermarks.watermark(P0, 0, NOW + 55 * MINUTE));
    }

    @Test
    void restoredEventTimeClosesSessions() {
      readLive(P0, 50 * MINUTE, 0);
      PartitionProgress before = watermarks.progress(P0).orElseThrow();
      watermarks = watermarks(false);
      watermarks.open(P0, OptionalLong.of(NOW - MINUTE), NOW + MINUTE);
      assertTrue(watermarks.isNewestEstimated(P0));
      watermarks.restore(P0, before);
      assertFalse(watermarks.isNewestEstimated(P0));
      assertEquals(NOW - MINUTE, watermarks.watermark(P0, 5, NOW + 2 * MINUTE));
      assertEquals(NOW + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      assertEquals(NOW + 81 * MINUTE, watermarks.watermark(P0, 0, NOW + 100_000 * MINUTE));
    }

    @Test
    void reopenedPartitionKeepsNewestEventTime() {
      readLive(P0, 50 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW + SECOND);
      watermarks.open(P0, OptionalLong.of(NOW - MINUTE), NOW + MINUTE);
      watermarks.open(P1, OptionalLong.of(NOW - MINUTE), NOW + MINUTE);
      assertEquals(NOW - MINUTE, watermarks.lastWatermark(P0));
      assertEquals(NOW + 81 * MINUTE, both(100_000 * MINUTE));
    }
  }

  /** The append times of the broker are the clock. */
  @Nested
  class AppendTimes {
    @Test
    void appendTimesLimitReplay() {
      readAppended(P0, REPLAYED, REPLAYED + SECOND, 0);
      readAppended(P0, REPLAYED + 52 * MINUTE, REPLAYED + 2 * MINUTE, 0);
      assertEquals(REPLAYED + MINUTE, watermarks.watermark(P0, 5, NOW));
      readAppended(P0, REPLAYED + 3 * MINUTE, REPLAYED + 4 * MINUTE, SECOND);
      assertEquals(REPLAYED + 3 * MINUTE, watermarks.watermark(P0, 4, NOW + SECOND));
    }

    @Test
    void clockAdvancesFromLastAppendTime() {
      readAppended(P0, REPLAYED + 50 * MINUTE, REPLAYED, 0);
      assertEquals(REPLAYED - MINUTE, watermarks.lastWatermark(P0));
      assertEquals(REPLAYED + 9 * MINUTE, both(10 * MINUTE));
      assertEquals(REPLAYED + 81 * MINUTE, both(100_000 * MINUTE));
    }
  }

  @Nested
  class IdlePartitions {
    @Test
    void silentPartitionHoldsBackUntilIdle() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
    }

    @Test
    void idlePartitionFollowsSlowestBusyOne() {
      open(P2);
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      read(P2, 50 * MINUTE, 30 * SECOND);
      assertEquals(REPLAYED + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void outageIsNoSilence() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + SECOND));
      long restart = 60 * SECOND; // until then the broker, or the job, was down
      read(P1, 60 * MINUTE, restart);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + restart));
      for (long check = restart + SECOND; check < restart + 29 * SECOND; check += SECOND) {
        assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + check));
      }
      assertEquals(
          REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + restart + 29 * SECOND));
    }

    @Test
    void idlePartitionDoesNotRunAhead() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 600 * MINUTE);
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 600 * MINUTE));
    }

    @Test
    void oneRecordOfBacklogHoldsBack() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 1, NOW + 30 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void unwrittenPartitionBlocksNothing() {
      read(P1, 60 * MINUTE, 30 * SECOND);
      assertEquals(NEVER, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void rejectedRecordEndsSilence() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 40 * SECOND);
      watermarks.recordRead(P0, NOW + 20 * SECOND, NOW + 20 * SECOND);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * SECOND));
    }

    @Test
    void filteredRecordsAreLikeSilence() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 40 * SECOND);
      filtered(P0, 20 * SECOND);
      filtered(P0, 40 * SECOND);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 1, NOW + 40 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * SECOND));
    }

    @Test
    void partitionWithOnlyFilteredRecordsBlocksNothing() {
      filtered(P0, 20 * SECOND);
      read(P1, 60 * MINUTE, 30 * SECOND);
      assertEquals(NEVER, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
      filtered(P0, 50 * SECOND);
      read(P1, 70 * MINUTE, 50 * SECOND);
      assertEquals(REPLAYED + 69 * MINUTE, watermarks.watermark(P0, 0, NOW + 50 * SECOND));
    }

    @Test
    void silenceIsReportedOnceWhileRecordsAreFiltered() {
      PartitionWatermark partition = PartitionWatermark.open(rules(false), NEVER, NOW);
      List<Integer> reportedAt = new ArrayList<>();
      for (int second = 0; second < 90; second++) {
        partition.filteredRead(NOW + second * SECOND, NOW + second * SECOND);
        partition.checked(1, NOW + second * SECOND);
        partition.checked(0, NOW + second * SECOND);
        if (partition.reportsSilence()) {
          reportedAt.add(second);
        }
        if (second == 50) {
          assertTrue(partition.recordRead(NOW + second * SECOND, NOW + second * SECOND));
        }
      }
      assertEquals(List.of(30, 80), reportedAt);
    }

    @Test
    void resumedPartitionDoesNotGoBack() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      watermarks.watermark(P0, 0, NOW + 30 * SECOND);
      read(P0, 11 * MINUTE, 31 * SECOND);
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 31 * SECOND));
    }
  }

  @Nested
  class AllIdle {
    @Test
    void lastSessionClosesWhileRecordsAreFiltered() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 8 * MINUTE, 0);
      for (int minute = 0; minute <= 17; minute++) {
        filtered(P0, minute * MINUTE);
        filtered(P1, minute * MINUTE);
      }
      assertEquals(REPLAYED + 10 * MINUTE + 16 * MINUTE, both(17 * MINUTE));
    }

    @Test
    void lastSessionClosesAfterTrafficStops() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 8 * MINUTE, 0);
      long closed = REPLAYED + 10 * MINUTE + 16 * MINUTE;
      assertEquals(closed - 1, both(17 * MINUTE - 1));
      assertEquals(closed, both(17 * MINUTE));
    }

    @Test
    void advancesAtRateOfWallClock() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, both(MINUTE));
      assertEquals(REPLAYED + 15 * MINUTE, both(6 * MINUTE));
    }

    @Test
    void replayNeverJumpsToWallClock() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      // Every session is closed and past its lateness: gap 16 + lateness 15 after the last visit.
      assertEquals(REPLAYED + 41 * MINUTE, both(100_000 * MINUTE));
    }

    @Test
    void pauseInReplayMakesNoVisitTooLate() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      long watermark = both(100_000 * MINUTE);
      long next = REPLAYED + 10 * MINUTE + 1;
      assertEquals(watermark, next + 16 * MINUTE - 1 + 15 * MINUTE);
    }

    @Test
    void unwrittenTopicHasNoWatermark() {
      assertEquals(NEVER, both(100 * MINUTE));
    }

    @Test
    void resumedTrafficSetsWatermark() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      both(5 * MINUTE);
      read(P0, 30 * MINUTE, 6 * MINUTE);
      read(P1, 40 * MINUTE, 6 * MINUTE);
      assertEquals(REPLAYED + 29 * MINUTE, both(6 * MINUTE));
    }
  }

  @Nested
  class Restored {
    @Test
    void resumesAtCheckpoint() {
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void earlierCheckpointOverridesReadVisits() {
      read(P0, 60 * MINUTE, 0);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void ignoresVisitsBehindCheckpoint() {
      read(P0, 60 * MINUTE, 0);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      read(P0, 11 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void knowsWatermarkAtResumption() {
      assertEquals(Provenance.NOT_RESUMED, watermarks.resumedAt(P0));
      watermarks.open(P0, OptionalLong.of(NEVER), NOW);
      assertEquals(Provenance.NOT_RESUMED, watermarks.resumedAt(P0));
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      read(P0, 60 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.resumedAt(P0));
    }

    @Test
    void closesRestoredSessionsWithoutNewVisits() {
      PartitionWatermarks restarted = watermarks(false);
      restarted.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 26 * MINUTE, restarted.watermark(P0, 0, NOW + 17 * MINUTE));
    }

    @Test
    void repeatedRestoresDoNotAdvance() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      long watermark = both(100_000 * MINUTE);
      for (int restart = 0; restart < 3; restart++) {
        PartitionProgress before = watermarks.progress(P0).orElseThrow();
        watermarks = watermarks(false);
        watermarks.open(P0, OptionalLong.of(watermark), NOW);
        watermarks.restore(P0, before);
        assertEquals(watermark, watermarks.watermark(P0, 0, NOW + 100_000 * MINUTE));
      }
    }

    @Test
    void checkpointMayBeNewerThanReport() {
      read(P0, 10 * MINUTE, 0);
      PartitionProgress before = watermarks.progress(P0).orElseThrow();
      watermarks = watermarks(false);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 20 * MINUTE), NOW);
      watermarks.restore(P0, before);
      assertEquals(
          REPLAYED + 21 * MINUTE + 31 * MINUTE,
          watermarks.watermark(P0, 0, NOW + 100_000 * MINUTE));
    }

    @Test
    void reopeningDoesNotEndSilence() {
      // The DirectRunner opens readers again all the time.
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW + 29 * SECOND);
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void checkpointMayHaveNoWatermark() {
      watermarks.open(P0, OptionalLong.of(NEVER), NOW);
      assertEquals(NEVER, watermarks.watermark(P0, 5, NOW));
    }
  }

  @Nested
  class Drained {
    @BeforeEach
    void endsWhenDrained() {
      watermarks = watermarks(true);
      open(P0);
      open(P1);
    }

    @Test
    void partitionWithoutBacklogFinishes() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(END_OF_TIME, watermarks.watermark(P0, 0, NOW));
    }

    @Test
    void emptyPartitionFinishesAtOnce() {
      assertEquals(END_OF_TIME, watermarks.watermark(P0, 0, NOW));
    }

    @Test
    void oneRecordOfBacklogDelaysFinish() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 1, NOW));
    }

    @Test
    void restoredPartitionStaysFinished() {
      watermarks.open(P0, OptionalLong.of(END_OF_TIME), NOW);
      assertEquals(END_OF_TIME, watermarks.watermark(P0, UNKNOWN, NOW));
    }

    @Test
    void finishedPartitionDoesNotFinishOthers() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P1, 1, NOW + 31 * SECOND));
    }
  }

  /** Other JVMs read P1 and P2, unless a test opens them. */
  @Nested
  class ReadElsewhere {
    @BeforeEach
    void onePartitionIsReadHere() {
      watermarks = watermarks(false);
      open(P0);
    }

    @Test
    void idlePartitionFollowsSlowestPeer() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      watermarks.received(P2, reading(50 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void unwrittenPartitionFollowsPeer() {
      assertEquals(NEVER, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
      watermarks.received(P1, reading(60 * MINUTE, 30 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * SECOND));
    }

    @Test
    void busyPartitionIgnoresPeers() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 2, NOW + 60 * SECOND));
    }

    @Test
    void allIdleAdvanceFromNewestEventTime() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, idle(60 * MINUTE, 20 * SECOND, MINUTE));
      assertEquals(REPLAYED + 59 * MINUTE + 40 * SECOND, watermarks.watermark(P0, 0, NOW + MINUTE));
    }

    @Test
    void advancesAloneWithoutReports() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, watermarks.watermark(P0, 0, NOW + MINUTE));
    }

    @Test
    void reportExpiresAfterTenMinutes() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(20 * MINUTE, 0));
      assertEquals(REPLAYED + 19 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      assertEquals(REPLAYED + 29 * MINUTE + 1, watermarks.watermark(P0, 0, NOW + 10 * MINUTE + 1));
    }

    @Test
    void deadLocalReaderExpiresAfterTenMinutes() {
      open(P1);
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      assertEquals(REPLAYED + 19 * MINUTE + 1, watermarks.watermark(P0, 0, NOW + 10 * MINUTE + 1));
    }

    @Test
    void newerReportOverridesLocalProgress() {
      open(P1);
      read(P1, 5 * MINUTE, 0);
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void localProgressOverridesOlderReport() {
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      open(P1);
      read(P1, 40 * MINUTE, 30 * SECOND);
      watermarks.received(P1, reading(50 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 39 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void reopenedPartitionOverridesReport() {
      watermarks.received(P1, reading(60 * MINUTE, 40 * SECOND));
      watermarks.open(P1, OptionalLong.of(REPLAYED + 5 * MINUTE), NOW);
      assertEquals(REPLAYED + 5 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void localPartitionExpiresAfterTenSeconds() {
      assertTrue(watermarks.isReadHere(P0, NOW + 10 * SECOND));
      assertFalse(watermarks.isReadHere(P0, NOW + 11 * SECOND));
      watermarks.watermark(P0, 0, NOW + 2 * SECOND);
      assertTrue(watermarks.isReadHere(P0, NOW + 12 * SECOND));
      assertFalse(watermarks.isReadHere(P1, NOW));
    }

    /** A report about a busy partition. */
    private PartitionProgress reading(long eventTime, long wallTime) {
      return progress(eventTime, wallTime, false, wallTime);
    }

    private PartitionProgress idle(long eventTime, long lastRecordAt, long wallTime) {
      return progress(eventTime, lastRecordAt, true, wallTime);
    }

    private PartitionProgress progress(
        long eventTime, long lastRecordAt, boolean idle, long wallTime) {
      long newest = REPLAYED + eventTime;
      return new PartitionProgress(
          newest, NOW + lastRecordAt, newest - MINUTE, idle, NOW + wallTime);
    }
  }

  @Test
  void idlePartitionWithPolledRecordsFollowsNoOther() {
    read(P1, 0, 0);
    read(P0, 60 * MINUTE, 40 * SECOND);
    long silent = NOW + 40 * SECOND;
    assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P1, 0, silent));

    assertEquals(REPLAYED + 59 * MINUTE, watermarks.latestAtHandover(P1, REPLAYED + 2 * MINUTE));
    read(P0, 120 * MINUTE, 40 * SECOND);
    assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P1, 0, silent));
    watermarks.polled(P1, OptionalLong.of(7));
    assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P1, 0, silent));
    watermarks.handedOver(P1, 6);
    assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P1, 0, silent));
    watermarks.handedOver(P1, 7);
    assertEquals(REPLAYED + 119 * MINUTE, watermarks.watermark(P1, 0, silent));
  }

  @Test
  void pollWithoutRecordsChangesNothing() {
    read(P1, 0, 0);
    read(P0, 60 * MINUTE, 40 * SECOND);
    watermarks.latestAtHandover(P1, PartitionWatermark.NONE);
    watermarks.polled(P1, OptionalLong.empty());
    assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P1, 0, NOW + 40 * SECOND));
  }

  @Test
  void latestWatermarkIsThatOfNewestPolledVisit() {
    assertEquals(PartitionWatermark.NONE, watermarks.latestAtHandover(P0, PartitionWatermark.NONE));
    assertEquals(REPLAYED + 4 * MINUTE, watermarks.latestAtHandover(P0, REPLAYED + 5 * MINUTE));
    read(P0, 9 * MINUTE, 0);
    assertEquals(REPLAYED + 8 * MINUTE, watermarks.latestAtHandover(P0, REPLAYED + 5 * MINUTE));
  }

  private static PartitionWatermarks watermarks(boolean endsWhenDrained) {
    return new PartitionWatermarks(rules(endsWhenDrained));
  }

  private static WatermarkRules rules(boolean endsWhenDrained) {
    return new WatermarkRules(
        Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), endsWhenDrained);
  }

  private void open(TopicPartition partition) {
    watermarks.open(partition, OptionalLong.empty(), NOW);
  }

  private void read(TopicPartition partition, long eventTime, long wallTime) {
    readAppended(partition, REPLAYED + eventTime, NOW + wallTime, wallTime);
  }

  private void filtered(TopicPartition partition, long wallTime) {
    watermarks.filteredRead(partition, NOW + wallTime, NOW + wallTime);
  }

  /** Reads a live visit of a device whose clock is {@code ahead}. */
  private void readLive(TopicPartition partition, long ahead, long wallTime) {
    readAppended(partition, NOW + wallTime + ahead, NOW + wallTime, wallTime);
  }

  private void readAppended(TopicPartition partition, long eventTime, long clock, long wallTime) {
    watermarks.visitRead(partition, eventTime, clock, NOW + wallTime);
  }

  /** The watermark of both partitions, without backlog, at a wall time. */
  private long both(long wallTime) {
    watermarks.watermark(P0, 0, NOW + wallTime);
    watermarks.watermark(P1, 0, NOW + wallTime);
    return Math.min(
        watermarks.watermark(P0, 0, NOW + wallTime), watermarks.watermark(P1, 0, NOW + wallTime));
  }
}
