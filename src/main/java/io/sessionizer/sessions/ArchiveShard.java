package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import java.util.List;
import java.util.function.Consumer;

/**
 * The visits of the visit ids of one shard when all of them are known, so that none is late: they
 * are collected in any order, and cut into sessions once. Not thread-safe.
 */
final class ArchiveShard {
  private final SessionPolicy policy;
  private final long seam;
  private final ByteWriter scratch = new ByteWriter(64);
  private ShardIndex index;

  /**
   * A shard without visits.
   *
   * @param seam from this time on the archive has no visits, but another input may, epoch
   *     milliseconds
   */
  ArchiveShard(SessionPolicy policy, long seam) {
    this.policy = policy;
    this.seam = seam;
    this.index = new ShardIndex(policy);
  }

  /** Adds a visit. */
  void add(VisitCursor visit) {
    int slot = index.find(visit.bytes(), visit.visitIdFrom(), visit.visitIdLength());
    if (slot == ShardIndex.NONE) {
      slot =
          index.add(PackedState.create(PackedState.OTHER, visit, SessionState.BEGINNING_OF_TIME));
    }
    scratch.truncate(0);
    PackedState.writeVisit(index.packed(slot), visit, page(visit), scratch);
    index.appendVisits(slot, scratch.array(), 0, scratch.length());
  }

  private int page(VisitCursor visit) {
    PageTable pages = index.pages();
    int page = pages.find(visit.bytes(), visit.pageFrom(), visit.pageLength());
    return page == PageTable.NONE && pages.hasRoomFor(visit.pageLength())
        ? pages.add(visit.bytes(), visit.pageFrom(), visit.pageLength())
        : page;
  }

  /**
   * Publishes the sessions of all visits, and has none of them any more.
   *
   * @param sessions receives those to which no visit from the seam on can belong
   * @param openVisits receives the visits of the others
   */
  void publish(Consumer<SessionRecord> sessions, Consumer<Visit> openVisits) {
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      byte[] state = index.packed(slot);
      String visitId = PackedState.visitId(state);
      OrderedVisits visits = SortedVisits.all(state, index.pages(), policy.deduplicate());
      List<SessionCut> cuts = SessionCut.all(visitId, visits, 0, policy);
      int open = firstOpen(cuts);
      for (SessionCut cut : cuts.subList(0, open)) {
        sessions.accept(cut.record(visitId, 1, Timing.ON_TIME));
      }
      for (SessionCut cut : cuts.subList(open, cuts.size())) {
        for (VisitedPage page : cut.pages()) {
          openVisits.accept(Visit.of(visitId, page));
        }
      }
    }
    index = new ShardIndex(policy);
  }

  /**
   * Returns the number of the first session whose visits are cut again together with those from the
   * seam on. That is the last one, if a visit from the seam on may belong to it, together with
   * those before it that start at the same time: without them it would have another number.
   */
  private int firstOpen(List<SessionCut> cuts) {
    int first = cuts.size() - 1;
    if (cuts.get(first).boundaryMillis() <= seam) {
      return cuts.size();
    }
    while (first > 0 && cuts.get(first - 1).startMillis() == cuts.get(first).startMillis()) {
      first--;
    }
    return first;
  }
}
