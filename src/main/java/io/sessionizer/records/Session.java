package io.sessionizer.records;

import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The visits of one visit id between two gaps.
 *
 * @param visitId the visit id
 * @param pages its visits in their order; at least one
 * @param ordinal how many sessions of the visit id start in the same millisecond before it
 */
public record Session(String visitId, List<VisitedPage> pages, int ordinal) {

  /** Sorts the pages. */
  public Session {
    if (pages.isEmpty()) {
      throw new IllegalArgumentException("a session has at least one visit: " + visitId);
    }
    pages = pages.stream().sorted().toList();
  }

  /** The first session of a visit id that starts in its millisecond. */
  public Session(String visitId, List<VisitedPage> pages) {
    this(visitId, pages, 0);
  }

  /** The key of all records about this session. */
  public SessionId id() {
    return new SessionId(visitId, new SessionStart(startMillis(), ordinal));
  }

  /** The first visit, epoch milliseconds. */
  public long startMillis() {
    return pages.get(0).eventTimeMillis();
  }

  /** The last visit, epoch milliseconds; the gap after it is not part of the session. */
  public long endMillis() {
    return pages.get(pages.size() - 1).eventTimeMillis();
  }

  /** The first user that is known, or null. */
  public @Nullable String userId() {
    return pages.stream()
        .map(VisitedPage::userId)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
