package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.util.List;

/** The sessions of visits that are all known, as the engines cut them. */
public final class CutSessions {
  private CutSessions() {}

  /** Returns the first record of each session of visits of one visit id, which are sorted. */
  public static List<Upsert> of(String visitId, List<VisitedPage> sorted, SessionPolicy policy) {
    List<VisitedPage> pages = policy.deduplicate() ? Duplicates.dropped(sorted) : sorted;
    return SessionCut.all(visitId, pages, policy).stream()
        .map(cut -> new Upsert(cut.session(visitId), 1, Timing.ON_TIME, cut.endReason()))
        .toList();
  }
}
