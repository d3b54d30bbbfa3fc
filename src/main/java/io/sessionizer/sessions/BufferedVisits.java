package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;

/**
 * The visits of one visit id during one call: those that are stored, which are loaded when a
 * decision needs them, and those added since.
 */
interface BufferedVisits {
  /** Adds a visit, without loading the others. */
  void append(VisitedPage visit);

  /** Adds a visit, which may be anywhere among the others. */
  void insert(VisitedPage visit);

  /** Returns all visits in their order, without duplicates if these count once. */
  OrderedVisits sorted();

  /** Whether a visit at {@code time} would be within the gap of another one. */
  boolean isAnyWithinGap(long time, SessionPolicy policy);

  /** Removes the first visits, in their order. */
  void evict(int count);

  /** Removes all visits, without loading them. */
  void evictAll();
}
