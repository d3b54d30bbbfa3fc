package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.Timing;
import io.sessionizer.visits.VisitCursor;
import java.util.function.Consumer;

/**
 * The visits of the visit ids of one shard when all of them are known, so that none is late: they
 * are collected in any order, and cut into sessions once. Not thread-safe.
 */
final class ArchiveShard {
  private final SessionPolicy policy;
  private final ByteWriter scratch = new ByteWriter(64);
  private ShardIndex index;

  /** A shard without visits. */
  ArchiveShard(SessionPolicy policy) {
    this.policy = policy;
    this.index = new ShardIndex(policy);
  }

  /** Adds a visit. */
  void add(VisitCursor visit) {
    int slot = index.find(visit.bytes(), visit.visitIdFrom(), visit.visitIdLength());
    if (slot == ShardIndex.NONE) {
      slot = index.add(newState(visit));
    }
    scratch.truncate(0);
    PackedState.writeVisit(
        index.packed(slot),
        visit.eventTimeMillis(),
        visit.bytes(),
        page(visit),
        visit.pageFrom(),
        visit.pageLength(),
        visit.userIdFrom(),
        visit.userIdLength(),
        scratch);
    index.appendVisits(slot, scratch.array(), 0, scratch.length());
  }

  private static byte[] newState(VisitCursor visit) {
    return PackedState.create(
        PackedState.OTHER,
        visit.bytes(),
        visit.visitIdFrom(),
        visit.visitIdLength(),
        visit.userIdFrom(),
        visit.userIdLength(),
        visit.eventTimeMillis(),
        SessionState.BEGINNING_OF_TIME,
        Math.max(0, visit.pageLength()) + 3);
  }

  private int page(VisitCursor visit) {
    PageTable pages = index.pages();
    int page = pages.find(visit.bytes(), visit.pageFrom(), visit.pageLength());
    return page == PageTable.NONE && pages.hasRoomFor(visit.pageLength())
        ? pages.add(visit.bytes(), visit.pageFrom(), visit.pageLength())
        : page;
  }

  /** Publishes the sessions of all visits, and has none of them any more. */
  void publish(Consumer<SessionRecord> sessions) {
    for (int slot = 0; slot < index.usedSlots(); slot++) {
      byte[] state = index.packed(slot);
      String visitId = PackedState.visitId(state);
      OrderedVisits visits = SortedVisits.all(state, index.pages(), policy.deduplicate());
      for (SessionCut cut : SessionCut.all(visitId, visits, 0, policy)) {
        sessions.accept(cut.record(visitId, 1, Timing.ON_TIME));
      }
    }
    index = new ShardIndex(policy);
  }
}
