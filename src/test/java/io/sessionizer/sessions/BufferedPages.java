package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Buffered visits as objects: what those of a shard are compared with. */
final class BufferedPages implements BufferedVisits {
  private final Supplier<List<VisitedPage>> stored;
  private final boolean deduplicate;
  private final List<VisitedPage> added = new ArrayList<>();

  /** Stored and added visits in their order, without duplicates if these count once. */
  private @Nullable List<VisitedPage> loaded;

  private boolean hasEvicted;

  /**
   * Visits that are not loaded yet.
   *
   * @param stored loads the stored visits, in any order; called at most once
   * @param deduplicate whether visits with the same time and page count as one
   */
  BufferedPages(Supplier<List<VisitedPage>> stored, boolean deduplicate) {
    this.stored = stored;
    this.deduplicate = deduplicate;
  }

  @Override
  public void append(VisitedPage visit) {
    added.add(visit);
    if (loaded != null) {
      insertInto(loaded, visit);
    }
  }

  /** Adds a visit, unless it is a duplicate that changes nothing. */
  @Override
  public void insert(VisitedPage visit) {
    if (insertInto(pages(), visit)) {
      added.add(visit);
    }
  }

  /** The visits added in this call. */
  List<VisitedPage> added() {
    return List.copyOf(added);
  }

  @Override
  public OrderedVisits sorted() {
    return new OrderedPages(List.copyOf(pages()));
  }

  /** All visits in their order; to be read only. */
  List<VisitedPage> pages() {
    if (loaded == null) {
      List<VisitedPage> all = new ArrayList<>(stored.get());
      all.addAll(added);
      Collections.sort(all);
      loaded = deduplicate ? Duplicates.dropped(all) : all;
    }
    return loaded;
  }

  @Override
  public boolean isAnyWithinGap(long time, SessionPolicy policy) {
    List<VisitedPage> all = pages();
    int at = indexOf(all, new VisitedPage(time, null, null));
    return (at < all.size() && policy.withinGap(time, all.get(at).eventTimeMillis()))
        || (at > 0 && policy.withinGap(all.get(at - 1).eventTimeMillis(), time));
  }

  @Override
  public void evict(int count) {
    pages().subList(0, count).clear();
    hasEvicted |= count > 0;
  }

  @Override
  public void evictAll() {
    loaded = new ArrayList<>();
    hasEvicted = true;
  }

  /** Whether visits were removed in this call. */
  boolean hasEvicted() {
    return hasEvicted;
  }

  /** Returns whether the visits are others afterwards. */
  private boolean insertInto(List<VisitedPage> all, VisitedPage visit) {
    List<VisitedPage> before = List.copyOf(all);
    all.add(indexOf(all, visit), visit);
    if (deduplicate) {
      List<VisitedPage> kept = Duplicates.dropped(all);
      all.clear();
      all.addAll(kept);
    }
    return !all.equals(before);
  }

  /** Returns where a visit is, or would be. */
  private static int indexOf(List<VisitedPage> sorted, VisitedPage visit) {
    int at = Collections.binarySearch(sorted, visit);
    return at < 0 ? -at - 1 : at;
  }
}
