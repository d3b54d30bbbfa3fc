package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Visits in, by shard as they were read together; {@link #SESSIONS} out, and {@link #LATE_VISITS},
 * which were too late for any session. The windows engine has none of these: it drops and counts
 * them. Nor has an archive, visits that have an end: none of them is late.
 */
public final class SessionizeVisits extends PTransform<PCollection<VisitPacket>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Sessions, and changes of sessions that were published before. */
  public static final TupleTag<SessionRecord> SESSIONS = new TupleTag<>() {};

  /** Visits that were too late for any session. */
  public static final TupleTag<LateVisit> LATE_VISITS = new TupleTag<>() {};

  private final SessionPolicy policy;
  private final Engine engine;

  private SessionizeVisits(SessionPolicy policy, Engine engine) {
    this.policy = policy;
    this.engine = engine;
  }

  /** Forms sessions by {@code policy}. */
  public static SessionizeVisits with(SessionPolicy policy, Engine engine) {
    return new SessionizeVisits(policy, engine);
  }

  @Override
  public PCollectionTuple expand(PCollection<VisitPacket> visits) {
    return switch (engine) {
      case WINDOWS ->
          PCollectionTuple.of(SESSIONS, visits.apply("InWindows", new SessionizeInWindows(policy)));
      case STATEFUL ->
          visits.isBounded() == PCollection.IsBounded.BOUNDED
              ? PCollectionTuple.of(
                  SESSIONS, visits.apply("OfArchive", new SessionizeArchive(policy)))
              : visits.apply("InShards", new SessionizeInShards(policy));
    };
  }
}
