package io.sessionizer.sessions;

import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The visits of one visit id between two gaps.
 *
 * @param visitId the visit id
 * @param pages its visits in their order; at least one
 */
public record Session(String visitId, List<VisitedPage> pages) {

  /** Sorts the pages; refuses none. */
  public Session {
    if (pages.isEmpty()) {
      throw new IllegalArgumentException("a session has at least one visit: " + visitId);
    }
    pages = pages.stream().sorted().toList();
  }

  /** The key of all records about this session: the visit id, {@code @}, and the start in ms. */
  public String id() {
    return id(visitId, startMillis());
  }

  /** The id of a session of {@code visitId} that starts at {@code startMillis}. */
  static String id(String visitId, long startMillis) {
    return visitId + '@' + startMillis;
  }

  /** The start, epoch milliseconds, of the session whose id {@code id} is. */
  static long startMillis(String id) {
    return Long.parseLong(id.substring(id.lastIndexOf('@') + 1));
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
