package io.sessionizer.sessions;

import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One session, cut out of the visits of a visit id.
 *
 * @param pages its visits in their order; at least one
 * @param endReason why it ends where it does
 * @param boundaryMillis from this time on no visit belongs to it or changes why it ends, epoch ms
 */
record SessionCut(List<VisitedPage> pages, EndReason endReason, long boundaryMillis) {

  /**
   * Cuts visits into sessions. Where is decided by the visits alone, from the first on: where the
   * gap is, and before the visit with which a session would last too long or be too large. Visits
   * at the same time stay together, even if there are more of them than a session should have: the
   * time is what tells the sessions of a visit id apart.
   *
   * @param sorted visits of one visit id in their order
   */
  static List<SessionCut> all(List<VisitedPage> sorted, SessionPolicy policy) {
    List<SessionCut> cuts = new ArrayList<>();
    List<VisitedPage> pages = new ArrayList<>();
    for (VisitedPage next : sorted) {
      if (!pages.isEmpty() && !takes(pages, next, policy)) {
        cuts.add(cut(pages, next, policy));
        pages.clear();
      }
      pages.add(next);
    }
    if (!pages.isEmpty()) {
      cuts.add(cut(pages, null, policy));
    }
    return cuts;
  }

  /** The first visit, epoch milliseconds. */
  long startMillis() {
    return pages.get(0).eventTimeMillis();
  }

  /** The last visit, epoch milliseconds. */
  long endMillis() {
    return last(pages).eventTimeMillis();
  }

  private static boolean takes(List<VisitedPage> pages, VisitedPage next, SessionPolicy policy) {
    long time = next.eventTimeMillis();
    return isWithinGap(last(pages), next, policy)
        && (pages.size() < policy.maxPages() || time == last(pages).eventTimeMillis())
        && time - pages.get(0).eventTimeMillis() <= policy.maxDuration().toMillis();
  }

  private static SessionCut cut(
      List<VisitedPage> pages, @Nullable VisitedPage next, SessionPolicy policy) {
    long start = pages.get(0).eventTimeMillis();
    long end = last(pages).eventTimeMillis();
    List<VisitedPage> copy = List.copyOf(pages);
    if (pages.size() >= policy.maxPages()) {
      return new SessionCut(copy, EndReason.MAX_PAGES, end + 1);
    }
    if (next != null && isWithinGap(last(pages), next, policy)) {
      long latest = start + policy.maxDuration().toMillis();
      return new SessionCut(copy, EndReason.MAX_DURATION, latest + 1);
    }
    return new SessionCut(copy, EndReason.INACTIVITY, end + policy.gap().toMillis());
  }

  private static boolean isWithinGap(VisitedPage a, VisitedPage b, SessionPolicy policy) {
    return b.eventTimeMillis() - a.eventTimeMillis() < policy.gap().toMillis();
  }

  private static VisitedPage last(List<VisitedPage> pages) {
    return pages.get(pages.size() - 1);
  }
}
