package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.util.List;

/**
 * Accepted visits of one visit id, and whether the watermark had passed some of them.
 *
 * @param pages the visits
 * @param lateArrivalMillis the watermark at the last arrival of a late one, epoch milliseconds;
 *     {@link #NONE_LATE} if there is none
 */
record AcceptedPages(List<VisitedPage> pages, long lateArrivalMillis) {
  static final long NONE_LATE = Long.MIN_VALUE;
}
