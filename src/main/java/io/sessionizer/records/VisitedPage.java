package io.sessionizer.records;

import java.util.Comparator;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A visit inside a session. The order is that of a session's pages: by time, then {@link
 * ProjectedFields#SEQUENCE}, then page, then user, a missing one first, then projected fields. It
 * is total, so that a session depends on the set of its visits alone.
 *
 * @param eventTimeMillis when the page was viewed, epoch milliseconds
 * @param page the page, or null
 * @param userId the user who viewed it, or null
 * @param fields the values of its projected fields
 */
public record VisitedPage(
    long eventTimeMillis, @Nullable String page, @Nullable String userId, ProjectedFields fields)
    implements Comparable<VisitedPage> {
  private static final Comparator<String> MISSING_FIRST =
      Comparator.nullsFirst(Comparator.naturalOrder());
  private static final Comparator<VisitedPage> ORDER =
      Comparator.comparingLong(VisitedPage::eventTimeMillis)
          .thenComparing(VisitedPage::fields, ProjectedFields::compareSequence)
          .thenComparing(VisitedPage::page, MISSING_FIRST)
          .thenComparing(VisitedPage::userId, MISSING_FIRST)
          .thenComparing(VisitedPage::fields);

  /** A visit without projected fields. */
  public VisitedPage(long eventTimeMillis, @Nullable String page, @Nullable String userId) {
    this(eventTimeMillis, page, userId, ProjectedFields.NONE);
  }

  @Override
  public int compareTo(VisitedPage other) {
    return ORDER.compare(this, other);
  }
}
