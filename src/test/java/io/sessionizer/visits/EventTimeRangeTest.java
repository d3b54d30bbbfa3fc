package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventTimeRangeTest {
  private static final List<LocatedVisit> VISITS =
      List.of(visit(99, "user", null), visit(100, null, "page"), visit(98, "é", "page"));

  @Test
  void packetIsDividedWithoutChange() {
    VisitPacket packet = VisitPacket.of(VISITS).get(0);
    assertEquals(
        List.of(VISITS.get(0), VISITS.get(2)),
        packet.within(EventTimeRange.before(100)).orElseThrow().visits());
    assertEquals(
        List.of(VISITS.get(1)),
        packet.within(EventTimeRange.startingAt(100)).orElseThrow().visits());
    assertEquals(Optional.of(packet), packet.within(EventTimeRange.ALL));
    assertEquals(Optional.empty(), packet.within(EventTimeRange.before(98)));
  }

  private static LocatedVisit visit(long time, String userId, String page) {
    return new LocatedVisit(
        new Visit("v", time, userId, page),
        new Provenance(new SourcePosition("visits", 3, 7 * time), time - 5, 12));
  }
}
