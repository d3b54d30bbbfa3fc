package io.sessionizer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sessionizer.watch.JobStatus.Offsets;
import io.sessionizer.watch.JobStatus.PartitionLag;
import io.sessionizer.watch.JobStatus.Snapshot;
import io.sessionizer.watch.JobStatus.State;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JobStatusTest {
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long START = 1_700_000_000_000L;

  private static final TopicPartition P0 = new TopicPartition("visits", 0);
  private static final TopicPartition P1 = new TopicPartition("visits", 1);
  private static final TopicPartition OTHER_0 = new TopicPartition("other", 0);

  private final JobStatus status = new JobStatus("group");

  @Test
  void connectsFirst() {
    assertState(State.CONNECTING, null, 0);
  }

  @Nested
  class Job {
    @Test
    void waitsForVisitsOfEmptyTopic() {
      responded(0, 0, null, "");
      responded(40, 0, null, "");
      assertState(State.NO_VISITS, 0L, 40);
    }

    @Test
    void seenWhileItCommits() {
      for (int second = 0; second <= 60; second += 10) {
        responded(second, second, (long) second, "");
      }
      assertState(State.SEEN, 60L, 61);
    }

    @Test
    void notSeenOnceVisitsWaitTooLong() {
      responded(0, 10, 10L, "");
      responded(1, 11, 11L, "");
      responded(5, 12, 11L, "");
      assertState(State.SEEN, 1L, 31);
      assertState(State.REPORT_EXPECTED, 1L, 35);
      assertState(State.NOT_SEEN, 1L, 36);
      responded(50, 13, 13L, "");
      assertState(State.SEEN, 50L, 50);
    }

    @Test
    void maybeIdleWithoutNewVisits() {
      responded(0, 10, 8L, "");
      responded(1, 12, 10L, ""); // commits a visit when it reads the next ones
      responded(600, 12, 10L, "");
      assertState(State.NO_NEW_VISITS, 1L, 600);
      assertEquals(2, status.snapshot(at(600)).lag());
    }

    @Test
    void idleJobThatCommitsIsSeen() {
      responded(0, 10, 10L, report(START));
      responded(600, 10, 10L, report(START + 600 * SECOND));
      assertState(State.SEEN, 600L, 610);
    }

    @Test
    void silenceOfJobThatCommitsWhenIdle() {
      responded(0, 10, 10L, report(START));
      responded(10, 10, 10L, report(at(10)));
      responded(20, 10, 10L, report(at(20)));
      responded(60, 10, 10L, report(at(20)));
      assertState(State.SEEN, 20L, 50);
      assertState(State.NOT_SEEN, 20L, 51);
    }

    @Test
    void otherJobMayBeSilentWhenIdle() {
      responded(0, 10, 10L, report(START));
      responded(10, 10, 10L, report(at(10)));
      responded(20, 10, 10L, report(at(20)));
      responded(30, 11, 11L, report(at(30)).replace("-000000000002 ", "-000000000003 "));
      assertState(State.NO_NEW_VISITS, 30L, 600);
    }

    @Test
    void readingBacklogIsNotIdle() {
      responded(0, 30, 0L, report(START));
      responded(10, 30, 10L, report(at(10)));
      responded(20, 30, 20L, report(at(20)));
      responded(30, 30, 30L, report(at(30)));
      assertState(State.NO_NEW_VISITS, 0L, 600);
    }

    @Test
    void notSeenIfNothingWasEverCommitted() {
      responded(0, 10, null, "");
      assertState(State.REPORT_EXPECTED, 0L, 30);
      assertState(State.NOT_SEEN, 0L, 31);
      assertNull(status.snapshot(at(31)).lastCommit());
    }

    @Test
    void writtenSessionIsReport() {
      responded(0, 10, null, "");
      status.resultWritten(at(40), at(41));
      assertState(State.SEEN, 40L, 45);
      assertEquals(at(40), status.snapshot(at(45)).lastResult());
    }

    @Test
    void reportOfEarlierRunIsOld() {
      responded(0, 10, 5L, report(START - 60 * MINUTE));
      assertState(State.NO_NEW_VISITS, 0L, 0);
      status.visitWritten(at(-20 * 60), at(1));
      assertState(State.NOT_SEEN, -3600L, 1);
    }

    @Test
    void laterVisitLeavesJobUnseen() {
      responded(0, 10, 5L, report(START - 60 * MINUTE));
      status.visitWritten(at(-20 * 60), at(1));
      assertState(State.NOT_SEEN, -3600L, 1);
      status.visitWritten(at(5), at(5));
      responded(5, 11, 5L, report(START - 60 * MINUTE));
      assertState(State.NOT_SEEN, -3600L, 6);
      responded(8, 11, 11L, report(START + 8 * SECOND));
      assertState(State.SEEN, 8L, 9);
    }

    @Test
    void resultSlightlyAheadIsReport() {
      responded(0, 10, null, "");
      status.resultWritten(at(42), at(40));
      assertState(State.SEEN, 40L, 45);
    }

    @Test
    void pauseBetweenJobsIsNoDelay() {
      for (int second = 0; second <= 30; second += 10) {
        responded(second, 10, 10L, report(START + second * SECOND));
      }
      responded(3600, 10, 10L, report(START + 3600 * SECOND).replace("0002", "0003"));
      assertEquals(30_000, status.snapshot(at(3600)).patienceMillis());
    }

    @Test
    void futureTimestampsShowNothing() {
      responded(0, 10, 10L, report(START));
      status.visitWritten(at(7200), at(1));
      status.resultWritten(at(7200), at(1));
      assertState(State.NO_NEW_VISITS, 0L, 3600);
    }

    @Test
    void slowReportsAreUsualForSomeJobs() {
      responded(0, 10, 10L, "");
      responded(1, 11, 10L, "");
      responded(61, 12, 11L, ""); // a minute later
      responded(62, 13, 11L, "");
      assertState(State.SEEN, 61L, 180);
      assertState(State.NOT_SEEN, 61L, 183);
      assertEquals(2 * MINUTE, status.snapshot(at(183)).patienceMillis());
    }

    @Test
    void unreadableGroupIsNotMissed() {
      status.responded(Map.of(P0, new Offsets(0, 10, null, "")), "not authorized", at(0));
      status.responded(Map.of(P0, new Offsets(0, 20, null, "")), "not authorized", at(1));
      assertState(State.REPORT_EXPECTED, 0L, 600);
      assertEquals("not authorized", status.snapshot(at(600)).groupProblem());
    }
  }

  @Nested
  class Broker {
    @Test
    void awaySinceLastResponse() {
      responded(0, 10, 10L, "");
      responded(5, 10, 10L, "");
      status.noResponse(at(9));
      status.noResponse(at(13));
      assertState(State.BROKER_AWAY, 5L, 14);
    }

    @Test
    void awayFromTheStart() {
      status.noResponse(at(3));
      status.noResponse(at(7));
      assertState(State.BROKER_AWAY, 3L, 8);
    }

    @Test
    void jobHasTimeOnceBrokerIsBack() {
      responded(0, 10, 10L, "");
      responded(1, 11, 11L, "");
      responded(2, 12, 11L, "");
      status.noResponse(at(6));
      responded(300, 12, 11L, "");
      assertState(State.REPORT_EXPECTED, 1L, 320);
      assertState(State.NOT_SEEN, 1L, 331);
    }
  }

  @Nested
  class Lag {
    @Test
    void countsUncommittedOffsetsByPartition() {
      String metadata = report(START);
      status.responded(
          Map.of(
              OTHER_0, new Offsets(0, 3, 5L, ""),
              P0, new Offsets(0, 10, 7L, metadata),
              P1, new Offsets(4, 9, null, "")),
          "",
          at(0));
      Snapshot snapshot = status.snapshot(at(0));
      assertEquals(8, snapshot.lag());
      assertEquals(
          List.of(
              new PartitionLag("other", 0, 3, 5L, 0, null, null, false),
              new PartitionLag("visits", 0, 10, 7L, 3, START, 5L, true),
              new PartitionLag("visits", 1, 9, null, 5, null, null, false)),
          snapshot.partitions());
    }

    @Test
    void recreatedTopicHasItsOwnPartitions() {
      status.responded(
          Map.of(P0, new Offsets(0, 9, 9L, ""), P1, new Offsets(0, 9, 9L, "")), "", at(0));
      responded(1, 2, null, "");
      assertEquals(
          List.of(new PartitionLag("visits", 0, 2, null, 2, null, null, false)),
          status.snapshot(at(1)).partitions());
    }
  }

  private void responded(int second, long end, @Nullable Long committed, String metadata) {
    status.responded(Map.of(P0, new Offsets(0, end, committed, metadata)), "", at(second));
  }

  private void assertState(State state, @Nullable Long sinceSecond, int second) {
    Snapshot snapshot = status.snapshot(at(second));
    assertEquals(state, snapshot.state());
    assertEquals(
        sinceSecond == null ? null : Long.valueOf(START + sinceSecond * SECOND), snapshot.since());
  }

  private static String report(long asOf) {
    return "sessionizer/1 00000000-0000-0001-0000-000000000002 3 4 5 true " + asOf;
  }

  private static long at(int second) {
    return START + second * SECOND;
  }
}
