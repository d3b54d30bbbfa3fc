package io.sessionizer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Visit;
import io.sessionizer.watch.Lane.Bar;
import io.sessionizer.watch.Lane.Dot;
import io.sessionizer.watch.Lane.Fate;
import io.sessionizer.watch.Lane.LaneSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final Lane lane = new Lane("v", SessionPolicy.of(Duration.ofMinutes(16), Duration.ZERO));
  private final List<SourcePosition> positions = new ArrayList<>();
  private long version;

  @Nested
  class Timing {
    @Test
    void lateWhenFirstPublishedByLateVisit() {
      visits(0, 5);
      add(session("v@0", 1, false, 0, 5));
      visits(7);
      add(session("v@0", 2, true, 0, 5, 7));
      assertEquals(List.of(Fate.IN_SESSION, Fate.IN_SESSION, Fate.LATE), fates());
      assertEquals(
          List.of(
              new Bar("v@0", 0, 7 * MINUTE, 3, 2, true, "inactivity", null, null, position(101))),
          lane.picture().sessions());
    }

    @Test
    void visitReadAfterItsSessionIsLate() {
      visits(0);
      add(session("v@0", 1, false, 0));
      visits(0);
      add(session("v@0", 2, true, 0, 0));
      assertEquals(List.of(Fate.IN_SESSION, Fate.LATE), fates());
    }

    @Test
    void simultaneousSessionsDivideVisits() {
      visits(0, 0, 0);
      add(session("v@0", 1, false, 0, 0));
      add(session("v@0+1", 1, false, 0, 1));
      visits(0);
      add(session("v@0", 2, true, 0, 0));
      add(session("v@0+1", 2, true, 0, 0, 1));
      assertEquals(List.of(Fate.IN_SESSION, Fate.IN_SESSION, Fate.IN_SESSION, Fate.LATE), fates());
      assertEquals(
          List.of("v@0", "v@0+1"), lane.sessions().stream().map(SessionRevision::key).toList());
    }
  }

  @Nested
  class Retraction {
    @Test
    void retractedSessionNamesItsSuccessor() {
      visits(0, 20);
      add(session("v@0", 1, false, 0));
      add(session("v@1200000", 1, false, 20));
      visits(10);
      add(session("v@0", 2, true, 0, 10, 20));
      add(tombstone("v@1200000", "v@0"));
      assertEquals(List.of(Fate.IN_SESSION, Fate.LATE, Fate.IN_SESSION), fates());
      assertEquals(
          List.of(
              new Bar("v@0", 0, 20 * MINUTE, 3, 2, true, "inactivity", null, null, position(102)),
              new Bar(
                  "v@1200000",
                  20 * MINUTE,
                  20 * MINUTE,
                  1,
                  1,
                  false,
                  "inactivity",
                  "v@0",
                  null,
                  position(103))),
          lane.picture().sessions());
      assertEquals(List.of("v@0"), lane.sessions().stream().map(SessionRevision::key).toList());
    }

    @Test
    void tombstoneOfUnknownSessionIsNoBar() {
      add(tombstone("v@0", "v@1"));
      assertEquals(List.of(), lane.picture().sessions());
    }
  }

  @Nested
  class OpenSessions {
    @Test
    void groupsOpenVisitsByGap() {
      visits(0, 15, 31, 40);
      assertEquals(
          List.of(new LaneSession(0, 15 * MINUTE, 2), new LaneSession(31 * MINUTE, 40 * MINUTE, 2)),
          lane.picture().open());
    }

    @Test
    void tooLateVisitOpensNoSession() {
      visits(0);
      lane.isTooLate(positions.get(0), ++version);
      assertEquals(List.of(Fate.TOO_LATE), fates());
      assertEquals(List.of(), lane.picture().open());
    }
  }

  @Nested
  class EarlierVersion {
    @Test
    void showsLaneAsItWas() {
      visits(0, 5);
      add(session("v@0", 1, false, 0, 5)); // version 3
      visits(7);
      lane.isTooLate(positions.get(2), ++version);
      assertEquals(List.of(Fate.IN_SESSION, Fate.IN_SESSION, Fate.TOO_LATE), fates(9));
      assertEquals(List.of(Fate.OPEN, Fate.OPEN), fates(2));
      assertEquals(List.of(), lane.picture(2).sessions());
      assertEquals(List.of(Fate.IN_SESSION, Fate.IN_SESSION, Fate.OPEN), fates(4));
      assertEquals(4, lane.picture(4).changedIn());
      assertEquals(5, lane.picture(9).changedIn());
    }

    @Test
    void laneOfLaterVersionIsAbsent() {
      visits(0);
      assertNull(lane.picture(0));
    }

    private List<Fate> fates(long version) {
      return lane.picture(version).dots().stream().map(Dot::fate).toList();
    }
  }

  @Test
  void cutsLongPageAtWholeCharacter() {
    lane.add(new Visit("v", 0, null, "a".repeat(99) + "😀😀"), position(0), false, 1);
    assertEquals("a".repeat(99) + "…", lane.picture().dots().get(0).page());
  }

  private void visits(int... minutes) {
    for (int minute : minutes) {
      positions.add(position(positions.size()));
      lane.add(
          new Visit("v", minute * MINUTE, null, "home"),
          position(positions.size() - 1),
          false,
          ++version);
    }
  }

  private void add(SessionRevision record) {
    lane.add(record, ++version);
  }

  private List<Fate> fates() {
    return lane.picture().dots().stream().map(Dot::fate).toList();
  }

  private int recordsSoFar = 100;

  private SessionRevision session(String key, int revision, boolean late, int... minutes) {
    long[] times = new long[minutes.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = minutes[i] * MINUTE;
    }
    return new SessionRevision(
        key,
        "v",
        null,
        revision,
        late,
        "inactivity",
        null,
        times,
        "home",
        "home",
        null,
        position(recordsSoFar++));
  }

  private SessionRevision tombstone(String key, String supersededBy) {
    return new SessionRevision(
        key,
        "v",
        null,
        2,
        false,
        null,
        supersededBy,
        new long[0],
        null,
        null,
        null,
        position(recordsSoFar++));
  }

  private static SourcePosition position(int offset) {
    return new SourcePosition("topic", 0, offset);
  }
}
