package io.sessionizer.sessions;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.visits.EventTimeRange;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Visits in, by shard as they were read together; {@link #SESSIONS} out, and {@link #LATE_VISITS},
 * which were too late for any session. The windows engine has none of these: it drops and counts
 * them. Nor has an archive, visits that have an end: none of them is late. Of an archive up to a
 * seam, where another input continues, there are {@link #OPEN_VISITS}.
 */
public final class SessionizeVisits extends PTransform<PCollection<VisitPacket>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Sessions, and changes of sessions that were published before. */
  public static final TupleTag<SessionRecord> SESSIONS = new TupleTag<>() {};

  /** Visits that were too late for any session. */
  public static final TupleTag<LateVisit> LATE_VISITS = new TupleTag<>() {};

  /** Visits of sessions that are open at the seam. */
  public static final TupleTag<Visit> OPEN_VISITS = new TupleTag<>() {};

  private final SessionPolicy policy;
  private final Engine engine;
  private final EventTimeRange range;
  private final EarlierJob earlier;

  private SessionizeVisits(
      SessionPolicy policy, Engine engine, EventTimeRange range, EarlierJob earlier) {
    this.policy = policy;
    this.engine = engine;
    this.range = range;
    this.earlier = earlier;
  }

  /** Forms sessions by {@code policy}. */
  public static SessionizeVisits with(SessionPolicy policy, Engine engine) {
    return with(policy, engine, EventTimeRange.ALL, EarlierJob.NONE);
  }

  /**
   * Forms sessions by {@code policy}, of visits in a range of event times.
   *
   * @param earlier the job that this one continues without its state
   */
  public static SessionizeVisits with(
      SessionPolicy policy, Engine engine, EventTimeRange range, EarlierJob earlier) {
    return new SessionizeVisits(policy, engine, range, earlier);
  }

  @Override
  public PCollectionTuple expand(PCollection<VisitPacket> visits) {
    return switch (engine) {
      case WINDOWS ->
          PCollectionTuple.of(
              SESSIONS, visits.apply("InWindows", new SessionizeInWindows(policy, earlier)));
      case STATEFUL ->
          visits.isBounded() == PCollection.IsBounded.BOUNDED
              ? visits.apply("OfArchive", new SessionizeArchive(policy, range))
              : visits.apply("InShards", new SessionizeInShards(policy, earlier));
    };
  }
}
