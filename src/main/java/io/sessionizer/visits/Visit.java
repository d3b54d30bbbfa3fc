package io.sessionizer.visits;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One page view.
 *
 * @param visitId the key of sessions; not blank
 * @param eventTimeMillis when the page was viewed, epoch milliseconds
 * @param userId the viewer, or null
 * @param page the page viewed, or null
 */
public record Visit(
    String visitId, long eventTimeMillis, @Nullable String userId, @Nullable String page)
    implements ParsedRecord {

  /** Rejects a blank {@code visitId}. */
  public Visit {
    if (visitId.isBlank()) {
      throw new IllegalArgumentException("a visit needs a visit id that is not blank");
    }
  }
}
