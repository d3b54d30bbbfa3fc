package io.sessionizer.visits;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One page view.
 *
 * @param visitId the key of sessions; not blank
 * @param eventTimeMillis when the page was viewed, epoch milliseconds
 * @param userId the viewer, or null
 * @param page the page viewed, or null
 * @param fields the values of its projected fields
 */
public record Visit(
    String visitId,
    long eventTimeMillis,
    @Nullable String userId,
    @Nullable String page,
    ProjectedFields fields)
    implements ParsedRecord {

  /** Rejects a blank {@code visitId}. */
  public Visit {
    if (visitId.isBlank()) {
      throw new IllegalArgumentException("a visit needs a visit id that is not blank");
    }
  }

  /** A visit without projected fields. */
  public Visit(
      String visitId, long eventTimeMillis, @Nullable String userId, @Nullable String page) {
    this(visitId, eventTimeMillis, userId, page, ProjectedFields.NONE);
  }

  /** Returns the visit as one of a session. */
  public VisitedPage visitedPage() {
    return new VisitedPage(eventTimeMillis, page, userId, fields);
  }

  /** Returns the visit as it is written for others to read, without projected fields. */
  public Visit withoutFields() {
    return fields.isEmpty() ? this : new Visit(visitId, eventTimeMillis, userId, page);
  }

  /** Returns a visit of a session as one with its visit id. */
  public static Visit of(String visitId, VisitedPage visited) {
    return new Visit(
        visitId, visited.eventTimeMillis(), visited.userId(), visited.page(), visited.fields());
  }
}
