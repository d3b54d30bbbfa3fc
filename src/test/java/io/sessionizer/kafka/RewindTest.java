package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sessions that a rewound job leaves as the earlier one wrote them. */
class RewindTest {
  private static final Rewind FROM_1000 =
      Rewind.of(Map.of(), Map.of(), Instant.ofEpochMilli(1_000), null);

  @Test
  void leavesSessionsThatMayBeCutOff() {
    assertTrue(FROM_1000.leaves(session(999, EndReason.INACTIVITY)));
    assertTrue(FROM_1000.leaves(tombstone("a@2000@999", "a@2000@998")));
    assertTrue(FROM_1000.leaves(tombstone("a@2000@999+1", "a@2000@999")));
  }

  @Test
  void writesCompleteSessions() {
    assertFalse(FROM_1000.leaves(session(1_000, EndReason.INACTIVITY)));
    assertFalse(FROM_1000.leaves(tombstone("a@1@1000", "a@1@998")));
  }

  @Test
  void writesSessionsCutByLimits() {
    assertFalse(FROM_1000.leaves(session(999, EndReason.MAX_DURATION)));
    assertFalse(FROM_1000.leaves(session(999, EndReason.MAX_PAGES)));
    assertFalse(FROM_1000.leaves(session(999, EndReason.MAX_BYTES)));
  }

  @Test
  void leavesNothingWithoutBoundary() {
    assertFalse(Rewind.NONE.leaves(session(0, EndReason.INACTIVITY)));
  }

  @Test
  void noneReadsNothingAgain() {
    assertTrue(Rewind.NONE.isNone());
    assertEquals("nothing is read again", Rewind.NONE.toString());
  }

  @Test
  void writesSessionsThatWereOpen() {
    Rewind rewind =
        new Rewind(
            new HashMap<>(),
            new HashMap<>(),
            Instant.ofEpochMilli(10),
            Instant.ofEpochMilli(8),
            null,
            true);
    assertTrue(rewind.leaves(session(3, 7)));
    assertFalse(rewind.leaves(session(3, 8)));
    assertFalse(rewind.leaves(session(10, 12)));
  }

  private static SessionRecord session(long start, long end) {
    List<VisitedPage> pages =
        List.of(new VisitedPage(start, null, null), new VisitedPage(end, null, null));
    return new Upsert(new Session("a", pages, 0), 1, Timing.ON_TIME, EndReason.INACTIVITY);
  }

  private static SessionRecord tombstone(String id, String supersededBy) {
    return new Tombstone(SessionId.parse(id), 2, SessionId.parse(supersededBy));
  }

  private static SessionRecord session(long start, EndReason endReason) {
    Session session = new Session("a@2000", List.of(new VisitedPage(start, null, null)));
    return new Upsert(session, 1, Timing.ON_TIME, endReason);
  }
}
