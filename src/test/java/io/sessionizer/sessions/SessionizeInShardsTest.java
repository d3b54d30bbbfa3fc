package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.testing.Batches;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stateful engine corrects and retracts sessions that late visits change. */
class SessionizeInShardsTest extends AnyEngineTest {
  @Override
  Engine engine() {
    return Engine.STATEFUL;
  }

  @Test
  void routesTooLateVisitWithLatenessAndPosition() {
    watermark(31 * MINUTE);
    consume(visit(0, "a"));
    EngineOutput outcome = expect();
    LocatedVisit located =
        new LocatedVisit(visit(0, "a"), new Provenance(new SourcePosition("visits", 0, 0), 0));
    assertEquals(List.of(new LateVisit(located, 31 * MINUTE)), outcome.late());
  }

  @Test
  void routesTooLateVisitWithItsRecord() {
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 5), 0);
    List<LocatedVisit> visits =
        List.of(
            new LocatedVisit(visit(0, "a"), provenance),
            new LocatedVisit(
                visit(MINUTE, "b"), new Provenance(new SourcePosition("visits", 0, 6), 0)));
    TopicRecord original = new TopicRecord(null, new byte[] {1}, List.of());
    watermark(31 * MINUTE);
    consume(Batches.packet(visits, Map.of(5L, original)));
    EngineOutput outcome = expect(late(1, page(MINUTE, "b")));
    assertEquals(List.of(new LateVisit(visits.get(0), 31 * MINUTE, original)), outcome.late());
  }

  @Test
  void routesTooLateVisitAfterRestore() {
    long resumedAt = MIDNIGHT + 31 * MINUTE;
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0, resumedAt);
    consume(provenance, visit(0, "a"), visit(1, "b"));
    EngineOutput outcome = expect(late(1, page(1, "b")));
    LocatedVisit tooLate = new LocatedVisit(visit(0, "a"), provenance);
    assertEquals(List.of(new LateVisit(tooLate, 31 * MINUTE)), outcome.late());
  }

  @Test
  void mergingPublishedSessionsDeletesLaterOne() {
    consume(visit(0, "a"), visit(20 * MINUTE, "c"));
    watermark(36 * MINUTE);
    consume(visit(10 * MINUTE, "b"));
    expect(
        onTime(page(0, "a")),
        onTime(page(20 * MINUTE, "c")),
        late(2, page(0, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c")),
        tombstone(2, 20 * MINUTE, 0));
  }

  @Test
  void mergingIntoOpenSessionWaitsForClose() {
    consume(visit(0, "a"), visit(20 * MINUTE, "c"));
    watermark(20 * MINUTE);
    consume(visit(10 * MINUTE, "b"));
    expect(
        onTime(page(0, "a")),
        late(2, page(0, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c")));
  }

  @Test
  void lateVisitMovesPublishedStart() {
    consume(visit(10 * MINUTE, "b"));
    watermark(26 * MINUTE);
    consume(visit(0, "a"));
    expect(
        onTime(page(10 * MINUTE, "b")),
        late(1, page(0, "a"), page(10 * MINUTE, "b")),
        tombstone(2, 10 * MINUTE, 0));
  }

  @Test
  void reopenedSessionIncrementsRevision() {
    consume(visit(0, "a"));
    watermark(16 * MINUTE);
    consume(visit(10 * MINUTE, "b"));
    watermark(26 * MINUTE);
    expect(onTime(page(0, "a")), late(2, page(0, "a"), page(10 * MINUTE, "b")));
  }

  /** The sequence of apache/beam#18677: gap 5, no lateness, 0, watermark 6, 3. */
  @Test
  void twoSessionsNeverOverlap() {
    consume(visit(0, "a"));
    watermark(6);
    consume(visit(3, "b"));
    expect(
        SessionPolicy.of(Duration.ofMillis(5), Duration.ZERO),
        onTime(page(0, "a")),
        late(2, page(0, "a"), page(3, "b")));
  }

  @Test
  void retainedSessionAcceptsVeryLateVisit() {
    consume(visit(0, "a"), visit(15 * MINUTE, "c"));
    watermark(45 * MINUTE);
    // 0:01 + 16 + 15 is before 0:45, but the session of 0:00 is retained until 1:02.
    consume(visit(MINUTE, "b"));
    expect(
        onTime(page(0, "a"), page(15 * MINUTE, "c")),
        late(2, page(0, "a"), page(MINUTE, "b"), page(15 * MINUTE, "c")));
  }

  @Test
  void deduplicatedLateVisitChangesNothing() {
    consume(visit(0, "a"));
    watermark(16 * MINUTE);
    consume(visit(0, "a"));
    EngineOutput outcome =
        expect(
            new SessionPolicy(
                POLICY.gap(), POLICY.allowedLateness(), Duration.ofHours(24), 10, true),
            onTime(page(0, "a")));
    assertEquals(0, outcome.dropped());
  }

  @Test
  void lateVisitsReadTogetherGiveOneCorrection() {
    consume(visit(0, "a"), visit(10 * MINUTE, "d"));
    watermark(27 * MINUTE);
    consume(visit(5 * MINUTE, "b"), visit(6 * MINUTE, "c"));
    expect(
        onTime(page(0, "a"), page(10 * MINUTE, "d")),
        late(
            2, page(0, "a"), page(5 * MINUTE, "b"), page(6 * MINUTE, "c"), page(10 * MINUTE, "d")));
  }

  /** The first of them would be a session of its own, which the second joins to another. */
  @Test
  void noSessionAppearsOnlyToBeDeleted() {
    consume(visit(0, "a"));
    watermark(40 * MINUTE);
    consume(visit(20 * MINUTE, "c"), visit(10 * MINUTE, "b"));
    expect(
        onTime(page(0, "a")),
        late(2, page(0, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c")));
  }

  @Test
  void decidesEachVisitReadTogether() {
    consume(visit(20 * MINUTE, "c"));
    watermark(45 * MINUTE);
    // 0:03 is too late until 0:10 has joined the retained session.
    consume(visit(3 * MINUTE, "a"), visit(10 * MINUTE, "b"), visit(3 * MINUTE, "a"));
    EngineOutput outcome =
        expect(
            onTime(page(20 * MINUTE, "c")),
            late(1, page(3 * MINUTE, "a"), page(10 * MINUTE, "b"), page(20 * MINUTE, "c")),
            tombstone(2, 20 * MINUTE, 3 * MINUTE));
    assertEquals(1, outcome.dropped());
  }

  @Test
  void lateVisitSplitsNumberedInstantAgain() {
    consume(visit(0, "a"), visit(0, "c"), visit(0, "d"), visit(0, "e"));
    consume(visit(MINUTE, "f"));
    watermark(17 * MINUTE);
    consume(visit(0, "b"));
    expect(
        withRoomFor(2),
        numbered(0, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a"), page(0, "c")),
        numbered(1, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "d"), page(0, "e")),
        onTime(page(MINUTE, "f")),
        numbered(0, 2, Timing.LATE, EndReason.MAX_BYTES, page(0, "a"), page(0, "b")),
        numbered(1, 2, Timing.LATE, EndReason.MAX_BYTES, page(0, "c"), page(0, "d")),
        numbered(2, 1, Timing.LATE, EndReason.INACTIVITY, page(0, "e"), page(MINUTE, "f")),
        new Tombstone(id(MINUTE), 2, new SessionId("visit", new SessionStart(MIDNIGHT, 2))));
  }

  @Test
  void earlierLateVisitSplitsFollowingSessionsAgain() {
    consume(
        visit(MINUTE, "b"), visit(2 * MINUTE, "c"), visit(3 * MINUTE, "d"), visit(4 * MINUTE, "e"));
    watermark(20 * MINUTE);
    consume(visit(0, "a"));
    expect(
        new SessionPolicy(POLICY.gap(), POLICY.allowedLateness(), Duration.ofHours(24), 2, false),
        upsert(1, Timing.ON_TIME, EndReason.MAX_PAGES, page(MINUTE, "b"), page(2 * MINUTE, "c")),
        upsert(
            1, Timing.ON_TIME, EndReason.MAX_PAGES, page(3 * MINUTE, "d"), page(4 * MINUTE, "e")),
        upsert(1, Timing.LATE, EndReason.MAX_PAGES, page(0, "a"), page(MINUTE, "b")),
        upsert(1, Timing.LATE, EndReason.MAX_PAGES, page(2 * MINUTE, "c"), page(3 * MINUTE, "d")),
        upsert(1, Timing.LATE, EndReason.INACTIVITY, page(4 * MINUTE, "e")),
        tombstone(2, MINUTE, 0),
        tombstone(2, 3 * MINUTE, 2 * MINUTE));
  }

  @Test
  void joinsNoSessionThatEarlierJobHasExpired() {
    continues(upToOffset(1));
    // 0:05 is within the gap of 0:00, which is open at the watermark, and has expired at 0:47.
    consume(at(0), visit(0, "a"));
    consume(at(1), visit(5 * MINUTE, "b"));
    assertEquals(List.of("b"), latePages(expect(onTime(page(0, "a")))));
  }

  @Test
  void skipsLateVisitOfEarlierJob() {
    EarlierJob job = upToOffset(9);
    job.addLateVisit(at(3).position(), MIDNIGHT);
    continues(job);
    consume(at(3), visit(0, "a"));
    consume(at(4), visit(MINUTE, "b"));
    EngineOutput outcome = expect(onTime(page(MINUTE, "b")));
    assertEquals(List.of(), outcome.late());
    assertEquals(1, outcome.dropped());
  }

  @Test
  void lateVisitIsOfItsTopic() {
    EarlierJob job = upToOffset(9);
    job.addPartition("other", 0, 0, 9);
    job.addLateVisit(new SourcePosition("other", 0, 3), MIDNIGHT);
    continues(job);
    consume(at(3), visit(0, "a"));
    assertEquals(0, expect(onTime(page(0, "a"))).dropped());
  }

  @Test
  void leavesTooLateVisitToEarlierJob() {
    continues(upToOffset(2));
    watermark(70 * MINUTE);
    consume(at(0), visit(29 * MINUTE, "a"));
    consume(at(1), visit(30 * MINUTE, "b"));
    consume(at(2), visit(29 * MINUTE, "c"));
    assertEquals(List.of("b", "c"), latePages(expect()));
  }

  private static List<String> latePages(EngineOutput outcome) {
    return outcome.late().stream()
        .map(late -> String.valueOf(late.located().visit().page()))
        .toList();
  }

  private static final SessionPolicy BY_USER =
      POLICY.with(new SessionRules(List.of(VisitField.USER_ID), List.of(), null));

  private static final EndReason CHANGED = EndReason.changed("user_id");

  @Test
  void lateVisitCutsPublishedSession() {
    consume(visitOf("kim", 0), visitOf("kim", 2 * MINUTE));
    watermark(18 * MINUTE);
    consume(visitOf("jo", MINUTE));
    expect(
        BY_USER,
        onTime(of("kim", 0), of("kim", 2 * MINUTE)),
        upsert(2, Timing.LATE, CHANGED, of("kim", 0)),
        upsert(1, Timing.LATE, CHANGED, of("jo", MINUTE)),
        upsert(1, Timing.LATE, EndReason.INACTIVITY, of("kim", 2 * MINUTE)));
  }

  @Test
  void lateVisitMovesCut() {
    consume(visitOf("kim", 0), visitOf("jo", 2 * MINUTE));
    watermark(18 * MINUTE);
    consume(visitOf("jo", MINUTE));
    expect(
        BY_USER,
        upsert(1, Timing.ON_TIME, CHANGED, of("kim", 0)),
        onTime(of("jo", 2 * MINUTE)),
        upsert(1, Timing.LATE, EndReason.INACTIVITY, of("jo", MINUTE), of("jo", 2 * MINUTE)),
        tombstone(2, 2 * MINUTE, MINUTE));
  }

  @Test
  void anyLateVisitsGiveSessionsOfModel() throws Exception {
    int retracted = 0;
    for (int order = 0; order < ORDERS; order++) {
      AnyHistories histories = new AnyHistories(order);
      Random random = new Random(order);
      clearScript();
      long watermark = -120 * MINUTE;
      for (Visit[] batch : histories.batches(20)) {
        consume(batch);
        watermark += random.nextInt(24) * MINUTE;
        watermark(watermark);
      }
      EngineOutput outcome = run(histories.policy());
      assertEquals(0, outcome.dropped());
      assertEquals(
          histories.sessionsOfModel(), histories.newest(outcome.changes()), "order " + order);
      retracted +=
          (int) outcome.changes().stream().filter(change -> change instanceof Tombstone).count();
    }
    assertTrue(retracted > ORDERS, "late visits retract sessions");
  }
}
