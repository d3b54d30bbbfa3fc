package io.sessionizer.sessions;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Visits of one visit id that are the same: they have the same time and the same {@link
 * ProjectedFields#EVENT_ID}, or, if they have none, the same page.
 */
final class Duplicates {
  private Duplicates() {}

  /**
   * Keeps one visit of those that are the same: of those with a user the first, else the first.
   *
   * @param sorted visits of one visit id in their order
   */
  static List<VisitedPage> dropped(List<VisitedPage> sorted) {
    List<VisitedPage> kept = new ArrayList<>();
    for (int from = 0; from < sorted.size(); ) {
      int to = from + 1;
      while (to < sorted.size()
          && sorted.get(to).eventTimeMillis() == sorted.get(from).eventTimeMillis()) {
        to++;
      }
      List<VisitedPage> together = sorted.subList(from, to);
      kept(together).forEach(at -> kept.add(together.get(at)));
      from = to;
    }
    return kept;
  }

  /**
   * Returns which visits to keep, in their order.
   *
   * @param together visits of one visit id and one time, in their order
   */
  static Collection<Integer> kept(List<VisitedPage> together) {
    Map<Object, Integer> kept = new LinkedHashMap<>();
    for (int at = 0; at < together.size(); at++) {
      VisitedPage visit = together.get(at);
      Integer first = kept.putIfAbsent(key(visit), at);
      if (first != null && together.get(first).userId() == null && visit.userId() != null) {
        kept.put(key(visit), at);
      }
    }
    return new TreeSet<>(kept.values());
  }

  private static Object key(VisitedPage visit) {
    Object eventId = visit.fields().value(ProjectedFields.EVENT_ID);
    return eventId == null ? Optional.ofNullable(visit.page()) : List.of(eventId);
  }
}
