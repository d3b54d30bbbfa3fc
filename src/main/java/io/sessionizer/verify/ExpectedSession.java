package io.sessionizer.verify;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import java.util.List;

/**
 * A session that there has to be, as the visits are.
 *
 * @param session the session
 * @param endReason why it ends where it does
 * @param visits its visits, in their order
 * @param isOpen whether it is open at the seam, where its visits are carried over
 */
record ExpectedSession(
    Session session, EndReason endReason, List<AcceptedVisit> visits, boolean isOpen) {

  ExpectedSession open() {
    return new ExpectedSession(session, endReason, visits, true);
  }

  SessionId id() {
    return session.id();
  }

  long startMillis() {
    return session.startMillis();
  }

  long endMillis() {
    return session.endMillis();
  }

  boolean hasLate() {
    return visits.stream().anyMatch(AcceptedVisit::isLate);
  }

  boolean hasRecent() {
    return visits.stream().anyMatch(AcceptedVisit::isRecent);
  }
}
