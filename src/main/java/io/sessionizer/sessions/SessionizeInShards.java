package io.sessionizer.sessions;

import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/** The stateful engine: a {@link SessionShard} per shard of the visit ids, in the global window. */
final class SessionizeInShards extends PTransform<PCollection<VisitPacket>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;
  private final EarlierJob earlier;

  SessionizeInShards(SessionPolicy policy, EarlierJob earlier) {
    this.policy = policy;
    this.earlier = earlier;
  }

  @Override
  public PCollectionTuple expand(PCollection<VisitPacket> visits) {
    PCollectionTuple sessionized =
        visits
            .apply("KeyByShard", ParDo.of(new KeyByShardFn()))
            .setCoder(KvCoder.of(ShardKeys.CODER, VisitPacket.CODER))
            .apply(
                "FormSessions",
                ParDo.of(new FormShardSessionsFn(policy, earlier))
                    .withOutputTags(
                        SessionizeVisits.SESSIONS, TupleTagList.of(SessionizeVisits.LATE_VISITS)));
    sessionized.get(SessionizeVisits.SESSIONS).setCoder(SessionRecordCoder.of());
    sessionized.get(SessionizeVisits.LATE_VISITS).setCoder(LateVisit.CODER);
    return sessionized;
  }
}
