package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The workloads {@code hot} and {@code hot-late}. */
class HotVisitsTest {
  private static final int VISITS = 50_000;

  @Test
  void thirtyPercentAreOfOneVisitId() throws RejectedVisitException {
    List<GeneratedVisit> visits = visits(Workload.HOT);

    assertEquals(VISITS, visits.size());
    List<GeneratedVisit> hot = hot(visits);
    assertEquals(VISITS * 3 / 10, hot.size());
    Visit one = VisitJson.parse(hot.get(0).value());
    assertEquals(HotVisits.VISIT_ID, one.visitId());
    assertEquals(hot.get(0).eventTimeMillis(), one.eventTimeMillis());
  }

  @Test
  void hotVisitIdNeverPauses() {
    long previous = Long.MAX_VALUE;
    for (GeneratedVisit visit : hot(visits(Workload.HOT))) {
      assertTrue(visit.eventTimeMillis() - previous < Task.GAP.toMillis());
      previous = visit.eventTimeMillis();
    }
  }

  @Test
  void capEndsItsSessions() {
    Task task = new Task(Workload.HOT, VISITS, 1);

    long start = hot(visits(Workload.HOT)).get(0).eventTimeMillis();
    assertTrue(task.expected().visitsOf(HotVisits.VISIT_ID + '@' + start) >= 10_000);
  }

  @Test
  void oneOfTwentyIsLate() {
    List<GeneratedVisit> visits = visits(Workload.HOT_LATE);

    assertEquals(VISITS, visits.size());
    List<GeneratedVisit> hot = hot(visits);
    assertEquals(VISITS * 3 / 10, hot.size());
    long late = hot.stream().filter(visit -> visit.kind() == Category.LATE).count();
    assertEquals(0.05, (double) late / hot.size(), 0.01);
    assertEquals(late, visits.stream().filter(visit -> visit.kind() == Category.LATE).count());
  }

  private static List<GeneratedVisit> visits(Workload workload) {
    List<GeneratedVisit> visits = new ArrayList<>();
    for (Iterator<GeneratedVisit> all = workload.visits(VISITS, 1); all.hasNext(); ) {
      visits.add(all.next());
    }
    return visits;
  }

  private static List<GeneratedVisit> hot(List<GeneratedVisit> visits) {
    return visits.stream()
        .filter(visit -> new String(visit.key(), UTF_8).equals(HotVisits.VISIT_ID))
        .toList();
  }
}
