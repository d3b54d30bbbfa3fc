package io.sessionizer.sessions;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;

/**
 * A visit of a visit id that is known otherwise, and where it was read.
 *
 * @param page the visit
 * @param provenance where it was read
 */
record LocatedPage(VisitedPage page, Provenance provenance) {
  static LocatedPage of(LocatedVisit located) {
    Visit visit = located.visit();
    VisitedPage page = new VisitedPage(visit.eventTimeMillis(), visit.page(), visit.userId());
    return new LocatedPage(page, located.provenance());
  }

  LocatedVisit visitOf(String visitId) {
    return new LocatedVisit(
        new Visit(visitId, page.eventTimeMillis(), page.userId(), page.page()), provenance);
  }
}
