package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Visits that are the same page at the same time. */
final class Duplicates {
  private Duplicates() {}

  /**
   * Keeps one visit per time and page: of those with a user the first, else the first without.
   *
   * @param sorted visits of one visit id in their order
   */
  static List<VisitedPage> dropped(List<VisitedPage> sorted) {
    List<VisitedPage> kept = new ArrayList<>();
    for (VisitedPage page : sorted) {
      int last = kept.size() - 1;
      if (last < 0 || !isSame(kept.get(last), page)) {
        kept.add(page);
      } else if (kept.get(last).userId() == null && page.userId() != null) {
        kept.set(last, page); // a missing user comes first
      }
    }
    return kept;
  }

  /** Of two visits that are the same page at the same time, returns the one to keep. */
  static VisitedPage kept(VisitedPage a, VisitedPage b) {
    return dropped(a.compareTo(b) <= 0 ? List.of(a, b) : List.of(b, a)).get(0);
  }

  static boolean isSame(VisitedPage a, VisitedPage b) {
    return a.eventTimeMillis() == b.eventTimeMillis() && Objects.equals(a.page(), b.page());
  }
}
