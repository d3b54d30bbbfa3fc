package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import java.util.List;

/**
 * The visits of one visit id of a {@link ShardIndex} during one call. Those that are added are
 * stored at once; evicted visits are removed by {@link #store}.
 */
final class ShardVisits implements BufferedVisits {
  /** Visits that were added since the others were loaded are read one by one, if they are fewer. */
  private static final int FEW_BYTES = 4 << 10;

  private static final SortedVisits NONE = SortedVisits.none();

  private final ShardIndex index;
  private final int slot;
  private final boolean deduplicate;
  private final int addedFrom;
  private SortedVisits loaded = NONE;

  /** Up to where in the state the visits are loaded. */
  private int loadedTo;

  private int evicted;

  /**
   * Visits that are not loaded yet.
   *
   * @param deduplicate whether visits with the same time and page count as one
   */
  ShardVisits(ShardIndex index, int slot, boolean deduplicate) {
    this.index = index;
    this.slot = slot;
    this.deduplicate = deduplicate;
    this.addedFrom = PackedState.length(index.packed(slot));
  }

  @Override
  public void append(VisitedPage visit) {
    ByteWriter packed = PackedState.packed(index.packed(slot), index.pages(), List.of(visit));
    index.appendVisits(slot, packed.array(), 0, packed.length());
  }

  @Override
  public void insert(VisitedPage visit) {
    append(visit);
  }

  @Override
  public OrderedVisits sorted() {
    byte[] state = index.packed(slot);
    if (loaded == NONE) {
      loaded = SortedVisits.all(state, index.pages(), deduplicate);
    } else if (loadedTo < PackedState.length(state)) {
      loaded = loaded.with(state, loadedTo, deduplicate);
    }
    loadedTo = PackedState.length(state);
    return loaded;
  }

  @Override
  public boolean isAnyWithinGap(long time, SessionPolicy policy) {
    byte[] state = index.packed(slot);
    if (loaded == NONE || PackedState.length(state) - loadedTo > FEW_BYTES) {
      sorted();
    }
    int at = loaded.indexOf(time);
    if ((at < loaded.size() && policy.withinGap(time, loaded.time(at)))
        || (at > 0 && policy.withinGap(loaded.time(at - 1), time))) {
      return true;
    }
    PackedVisitReader added = PackedVisitReader.from(state, index.pages(), loadedTo);
    while (added.next()) {
      if (policy.withinGap(Math.min(added.time(), time), Math.max(added.time(), time))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void evict(int count) {
    evicted += count;
  }

  @Override
  public void evictAll() {
    evicted = Integer.MAX_VALUE;
  }

  /** Whether visits were added. */
  boolean hasAdded() {
    return PackedState.length(index.packed(slot)) > addedFrom;
  }

  /** Where the first of the added visits is in the state; they are the last ones. */
  int addedFrom() {
    return addedFrom;
  }

  /** How many of the first visits were evicted, in their order. */
  int evicted() {
    return evicted;
  }

  /** Stores the visits that are left, if some were evicted, and the next state with them. */
  void store(SessionState state, int stateBytes) {
    if (evicted > 0) {
      sorted();
      ByteWriter left = loaded.packed(evicted);
      index.replaceVisits(slot, left.array(), left.length());
    }
    index.replaceState(slot, state, stateBytes);
    if (evicted > 0) {
      PackedState.setSorted(index.packed(slot));
    }
  }
}
