package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Provenance;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Where the watermark is, by what was read, when, and what is still to be read. Event times are
 * counted from {@link #REPLAYED}, wall times from {@link #NOW}, which is years later.
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
    void beforeTheFirstVisitThereIsNoWatermark() {
      assertEquals(NEVER, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void theWatermarkIsTheNewestEventTimeMinusTheOutOfOrderness() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void anOlderVisitDoesNotMoveItBack() {
      read(P0, 10 * MINUTE, 0);
      read(P0, 2 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void aRecordThatIsNoVisitDoesNotMoveIt() {
      read(P0, 10 * MINUTE, 0);
      watermarks.recordRead(P0, NOW, NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void aPartitionThatLagsStandsHoweverLongNothingIsRead() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 2, NOW + 600 * MINUTE));
    }

    @Test
    void aPartitionWhoseBacklogIsUnknownStands() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, UNKNOWN, NOW + 600 * MINUTE));
    }

    @Test
    void aPartitionStandsWhileTheBrokerCannotBeAskedForItsEnd() {
      // The last look at the end of the partition was 29 s after the last record; that it is long
      // ago now proves nothing.
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 29 * SECOND));
    }
  }

  /** Event times are about {@link #NOW}. */
  @Nested
  class FastClocks {
    @Test
    void theClockHoldsWhatADeviceIsAhead() {
      readLive(P0, -SECOND, 0);
      readLive(P0, 50 * MINUTE, SECOND);
      assertEquals(NOW + SECOND - MINUTE, watermarks.watermark(P0, 5, NOW + SECOND));
    }

    @Test
    void theWatermarkMovesWithTheClockUntilItIsThere() {
      readLive(P0, 50 * MINUTE, 0);
      assertEquals(NOW + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      readLive(P0, -20 * MINUTE, 20 * MINUTE);
      assertEquals(NOW + 19 * MINUTE, watermarks.watermark(P0, 3, NOW + 20 * MINUTE));
      readLive(P0, -SECOND, 70 * MINUTE);
      assertEquals(NOW + 69 * MINUTE - SECOND, watermarks.watermark(P0, 0, NOW + 70 * MINUTE));
    }

    @Test
    void aPartitionThatLagsStandsAtTheClockOfItsLastRecord() {
      readLive(P0, 50 * MINUTE, 0);
      assertEquals(NOW - MINUTE, watermarks.watermark(P0, 40, NOW + 40 * MINUTE));
      assertEquals(NOW - MINUTE, watermarks.watermark(P0, UNKNOWN, NOW + 40 * MINUTE));
    }

    @Test
    void aPartitionStandsWhileNobodyCanLook() {
      readLive(P0, 50 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW + SECOND);
      // Asked for 40 minutes later, the last look was a second after the record.
      assertEquals(NOW + SECOND - MINUTE, watermarks.watermark(P0, 0, NOW + SECOND));
    }

    @Test
    void anIdlePartitionDoesNotPassTheClock() {
      readLive(P0, 50 * MINUTE, 0);
      readLive(P1, -SECOND, 0);
      assertEquals(NOW + 4 * MINUTE, both(5 * MINUTE));
      assertEquals(NOW + 39 * MINUTE, both(40 * MINUTE));
    }

    @Test
    void theSessionOfTheFastDeviceIsClosedTooWhenTrafficStops() {
      readLive(P0, 50 * MINUTE, 0);
      long closed = NOW + 50 * MINUTE + 16 * MINUTE;
      assertEquals(closed - 1, both(67 * MINUTE - 1));
      assertEquals(closed, both(67 * MINUTE));
      assertEquals(NOW + 50 * MINUTE + 31 * MINUTE, both(100_000 * MINUTE));
    }

    @Test
    void whatOthersReportDoesNotPassTheClock() {
      watermarks = watermarks(false);
      open(P0);
      watermarks.received(
          P1, new PartitionProgress(NOW + 50 * MINUTE, NOW, NOW - MINUTE, true, NOW));
      assertEquals(NOW, watermarks.watermark(P0, 0, NOW + MINUTE));
      assertEquals(NOW + 29 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * MINUTE));
    }

    @Test
    void aWatermarkThatIsRestoredAheadOfTheClockWaitsForIt() {
      watermarks = watermarks(false);
      watermarks.open(P0, OptionalLong.of(NOW + 49 * MINUTE), NOW);
      readLive(P0, -SECOND, SECOND);
      assertEquals(NOW + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * MINUTE));
      assertEquals(NOW + 54 * MINUTE, watermarks.watermark(P0, 0, NOW + 55 * MINUTE));
    }

    @Test
    void theNewestEventTimeBeforeARestoreClosesSessionsAfterIt() {
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
    void aReaderThatGoesBackInThisJvmKnowsTheNewestEventTime() {
      readLive(P0, 50 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW + SECOND);
      watermarks.open(P0, OptionalLong.of(NOW - MINUTE), NOW + MINUTE);
      watermarks.open(P1, OptionalLong.of(NOW - MINUTE), NOW + MINUTE);
      assertEquals(NOW - MINUTE, watermarks.lastWatermark(P0));
      assertEquals(NOW + 81 * MINUTE, both(100_000 * MINUTE));
    }
  }

  /** Where the broker says when a record was appended, that is the clock. */
  @Nested
  class AppendTimes {
    @Test
    void aReplayIsHeldByTheTimesAtWhichItsRecordsWereAppended() {
      readAppended(P0, REPLAYED, REPLAYED + SECOND, 0);
      readAppended(P0, REPLAYED + 52 * MINUTE, REPLAYED + 2 * MINUTE, 0);
      assertEquals(REPLAYED + MINUTE, watermarks.watermark(P0, 5, NOW));
      readAppended(P0, REPLAYED + 3 * MINUTE, REPLAYED + 4 * MINUTE, SECOND);
      assertEquals(REPLAYED + 3 * MINUTE, watermarks.watermark(P0, 4, NOW + SECOND));
    }

    @Test
    void atTheEndOfAReplayTheClockGoesOnFromTheLastOfThem() {
      readAppended(P0, REPLAYED + 50 * MINUTE, REPLAYED, 0);
      assertEquals(REPLAYED - MINUTE, watermarks.lastWatermark(P0));
      assertEquals(REPLAYED + 9 * MINUTE, both(10 * MINUTE));
      assertEquals(REPLAYED + 81 * MINUTE, both(100_000 * MINUTE));
    }
  }

  @Nested
  class IdlePartitions {
    @Test
    void untilItIsIdleASilentPartitionHoldsTheOthers() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
    }

    @Test
    void anIdlePartitionFollowsTheSlowestThatIsNot() {
      open(P2);
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      read(P2, 50 * MINUTE, 30 * SECOND);
      assertEquals(REPLAYED + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aTimeInWhichNobodyLookedIsNoSilence() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + SECOND));
      long back = 60 * SECOND; // until then the broker, or the job, was down
      read(P1, 60 * MINUTE, back);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + back));
      for (long look = back + SECOND; look < back + 29 * SECOND; look += SECOND) {
        assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + look));
      }
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + back + 29 * SECOND));
    }

    @Test
    void itDoesNotRunAheadOfThemWhateverTheWallClockSays() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 600 * MINUTE);
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 600 * MINUTE));
    }

    @Test
    void oneRecordOfBacklogHolds() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 1, NOW + 30 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aPartitionThatWasNeverWrittenHoldsNobodyForEver() {
      read(P1, 60 * MINUTE, 30 * SECOND);
      assertEquals(NEVER, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aRecordThatIsNoVisitBreaksTheSilence() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 40 * SECOND);
      watermarks.recordRead(P0, NOW + 20 * SECOND, NOW + 20 * SECOND);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * SECOND));
    }

    @Test
    void aPartitionThatWakesUpDoesNotFallBack() {
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
    void theLastSessionComesOutTheGapAndTheOutOfOrdernessAfterTrafficStops() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 8 * MINUTE, 0);
      long closed = REPLAYED + 10 * MINUTE + 16 * MINUTE;
      assertEquals(closed - 1, both(17 * MINUTE - 1));
      assertEquals(closed, both(17 * MINUTE));
    }

    @Test
    void theWatermarkAdvancesAtTheRateOfTheWallClock() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, both(MINUTE));
      assertEquals(REPLAYED + 15 * MINUTE, both(6 * MINUTE));
    }

    @Test
    void replayedHistoryNeverJumpsToTheWallClock() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      // Every session is closed and past its lateness: gap 16 + lateness 15 after the last visit.
      assertEquals(REPLAYED + 41 * MINUTE, both(100_000 * MINUTE));
    }

    @Test
    void howeverLongThePauseTheNextVisitOfAReplayIsAccepted() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      long watermark = both(100_000 * MINUTE);
      long next = REPLAYED + 10 * MINUTE + 1;
      assertEquals(watermark, next + 16 * MINUTE - 1 + 15 * MINUTE);
    }

    @Test
    void aTopicThatWasNeverWrittenHasNoWatermark() {
      assertEquals(NEVER, both(100 * MINUTE));
    }

    @Test
    void trafficThatComesBackTakesTheWatermarkOver() {
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
    void aReaderThatComesBackGoesOnFromTheCheckpoint() {
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void aCheckpointBeforeWhatThisJvmHasSeenCounts() {
      read(P0, 60 * MINUTE, 0);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void whatWasSeenBehindTheCheckpointIsStillToCome() {
      read(P0, 60 * MINUTE, 0);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      read(P0, 11 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, watermarks.watermark(P0, 5, NOW));
    }

    @Test
    void itIsKnownAtWhichWatermarkReadingWasResumed() {
      assertEquals(Provenance.NOT_RESUMED, watermarks.resumedAt(P0));
      watermarks.open(P0, OptionalLong.of(NEVER), NOW);
      assertEquals(Provenance.NOT_RESUMED, watermarks.resumedAt(P0));
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      read(P0, 60 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.resumedAt(P0));
    }

    @Test
    void openSessionsOfACheckpointAreClosedThoughNothingMoreComes() {
      PartitionWatermarks restarted = watermarks(false);
      restarted.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW);
      assertEquals(REPLAYED + 26 * MINUTE, restarted.watermark(P0, 0, NOW + 17 * MINUTE));
    }

    @Test
    void howeverOftenAPauseIsRestoredTheNextVisitOfAReplayIsAccepted() {
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
    void whatWasCommittedBeforeTheCheckpointIsNotAllOfIt() {
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
    void silenceGoesOnWhenAReaderIsOpenedAgain() {
      // The DirectRunner opens readers again all the time.
      read(P0, 10 * MINUTE, 0);
      read(P1, 60 * MINUTE, 30 * SECOND);
      watermarks.open(P0, OptionalLong.of(REPLAYED + 9 * MINUTE), NOW + 29 * SECOND);
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aCheckpointWithoutAWatermarkHasNone() {
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
    void aPartitionWithoutBacklogIsAtTheEndOfTime() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(END_OF_TIME, watermarks.watermark(P0, 0, NOW));
    }

    @Test
    void anEmptyOneTooAtOnce() {
      assertEquals(END_OF_TIME, watermarks.watermark(P0, 0, NOW));
    }

    @Test
    void oneRecordOfBacklogIsARecordToRead() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 1, NOW));
    }

    @Test
    void aDrainedPartitionThatIsRestoredStaysDrained() {
      watermarks.open(P0, OptionalLong.of(END_OF_TIME), NOW);
      assertEquals(END_OF_TIME, watermarks.watermark(P0, UNKNOWN, NOW));
    }

    @Test
    void itDoesNotPullASilentOneToTheEndOfTimeWithIt() {
      read(P0, 10 * MINUTE, 0);
      read(P1, 10 * MINUTE, 0);
      watermarks.watermark(P0, 0, NOW);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P1, 1, NOW + 31 * SECOND));
    }
  }

  /** P1 and P2 are read by others, unless a test opens them. */
  @Nested
  class ReadElsewhere {
    @BeforeEach
    void onePartitionIsReadHere() {
      watermarks = watermarks(false);
      open(P0);
    }

    @Test
    void anIdlePartitionFollowsTheSlowestThatOthersRead() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      watermarks.received(P2, reading(50 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 49 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void oneThatWasNeverWrittenAndIsAloneDoesToo() {
      assertEquals(NEVER, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
      watermarks.received(P1, reading(60 * MINUTE, 30 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 40 * SECOND));
    }

    @Test
    void oneThatIsNotIdleDoesNot() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND - 1));
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 2, NOW + 60 * SECOND));
    }

    @Test
    void whenThoseOfOthersAreIdleTooItGoesOnFromTheNewestOfAll() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, idle(60 * MINUTE, 20 * SECOND, MINUTE));
      assertEquals(REPLAYED + 59 * MINUTE + 40 * SECOND, watermarks.watermark(P0, 0, NOW + MINUTE));
    }

    @Test
    void whileNothingIsHeardItGoesOnAsIfItWereAlone() {
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 10 * MINUTE, watermarks.watermark(P0, 0, NOW + MINUTE));
    }

    @Test
    void whatNobodyRenewsHoldsForTenMinutes() {
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(20 * MINUTE, 0));
      assertEquals(REPLAYED + 19 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      assertEquals(REPLAYED + 29 * MINUTE + 1, watermarks.watermark(P0, 0, NOW + 10 * MINUTE + 1));
    }

    @Test
    void aReaderThatDiedHereHoldsForTenMinutesToo() {
      open(P1);
      read(P0, 10 * MINUTE, 0);
      assertEquals(REPLAYED + 9 * MINUTE, watermarks.watermark(P0, 0, NOW + 10 * MINUTE));
      assertEquals(REPLAYED + 19 * MINUTE + 1, watermarks.watermark(P0, 0, NOW + 10 * MINUTE + 1));
    }

    @Test
    void aPartitionThatMovedAwayStandsWhereItsNewReaderSays() {
      open(P1);
      read(P1, 5 * MINUTE, 0);
      read(P0, 10 * MINUTE, 0);
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 59 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aPartitionThatIsReadHereStandsWhereItIs() {
      watermarks.received(P1, reading(60 * MINUTE, 20 * SECOND));
      open(P1);
      read(P1, 40 * MINUTE, 30 * SECOND);
      watermarks.received(P1, reading(50 * MINUTE, 20 * SECOND));
      assertEquals(REPLAYED + 39 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aPartitionThatComesBackStandsWhereItIsRestored() {
      watermarks.received(P1, reading(60 * MINUTE, 40 * SECOND));
      watermarks.open(P1, OptionalLong.of(REPLAYED + 5 * MINUTE), NOW);
      assertEquals(REPLAYED + 5 * MINUTE, watermarks.watermark(P0, 0, NOW + 30 * SECOND));
    }

    @Test
    void aPartitionIsReadHereWhileItIsHeardOf() {
      assertTrue(watermarks.isReadHere(P0, NOW + 10 * SECOND));
      assertFalse(watermarks.isReadHere(P0, NOW + 11 * SECOND));
      watermarks.watermark(P0, 0, NOW + 2 * SECOND);
      assertTrue(watermarks.isReadHere(P0, NOW + 12 * SECOND));
      assertFalse(watermarks.isReadHere(P1, NOW));
    }

    /** What is said of a partition that is being read. */
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

  private static PartitionWatermarks watermarks(boolean endsWhenDrained) {
    return new PartitionWatermarks(
        new WatermarkRules(
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(31),
            endsWhenDrained));
  }

  private void open(TopicPartition partition) {
    watermarks.open(partition, OptionalLong.empty(), NOW);
  }

  private void read(TopicPartition partition, long eventTime, long wallTime) {
    readAppended(partition, REPLAYED + eventTime, NOW + wallTime, wallTime);
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
