package io.sessionizer.testing;

import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The naive sessionizer that everything else is compared with: sorts each visit id's visits and
 * cuts where the gap is. It needs all visits in memory, and knows neither order of records nor
 * watermark.
 */
public final class ModelSessionizer {
  private ModelSessionizer() {}

  /** Returns the sessions of {@code visits}, by visit id and start. */
  public static List<Session> sessions(Collection<Visit> visits, Duration gap) {
    Map<String, List<VisitedPage>> byVisitId = new TreeMap<>();
    for (Visit visit : visits) {
      byVisitId.computeIfAbsent(visit.visitId(), id -> new ArrayList<>()).add(visit.visitedPage());
    }
    List<Session> sessions = new ArrayList<>();
    byVisitId.forEach((visitId, pages) -> sessions.addAll(cut(visitId, pages, gap)));
    return sessions;
  }

  private static List<Session> cut(String visitId, List<VisitedPage> pages, Duration gap) {
    pages.sort(Comparator.naturalOrder());
    List<Session> sessions = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= pages.size(); i++) {
      if (i == pages.size()
          || pages.get(i).eventTimeMillis() - pages.get(i - 1).eventTimeMillis()
              >= gap.toMillis()) {
        sessions.add(new Session(visitId, pages.subList(start, i)));
        start = i;
      }
    }
    return sessions;
  }
}
