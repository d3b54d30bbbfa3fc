package io.sessionizer.sessions;

import io.sessionizer.deadletters.Origin;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;

/**
 * A visit of a visit id that is known otherwise, and where it was read.
 *
 * @param page the visit
 * @param origin where it was read
 */
record LocatedPage(VisitedPage page, Origin origin) {
  static LocatedPage of(LocatedVisit located) {
    return new LocatedPage(VisitedPage.of(located.visit()), located.origin());
  }

  LocatedVisit visitOf(String visitId) {
    return new LocatedVisit(
        new Visit(visitId, page.eventTimeMillis(), page.userId(), page.page()), origin);
  }
}
