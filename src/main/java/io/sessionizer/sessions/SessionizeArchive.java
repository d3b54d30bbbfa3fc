package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * The stateful engine on visits that have an end: those of a shard are grouped, and cut into
 * sessions by the same rules. There is no watermark before the end, so none of them is late.
 */
final class SessionizeArchive
    extends PTransform<PCollection<VisitPacket>, PCollection<SessionRecord>> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  SessionizeArchive(SessionPolicy policy) {
    this.policy = policy;
  }

  @Override
  public PCollection<SessionRecord> expand(PCollection<VisitPacket> visits) {
    return visits
        .apply("KeyByShard", ParDo.of(new KeyByShardFn()))
        .setCoder(KvCoder.of(ShardKeys.CODER, VisitPacket.CODER))
        .apply("GroupByShard", GroupByKey.create())
        .apply("FormSessions", ParDo.of(new FormArchiveSessionsFn(policy)))
        .setCoder(SessionRecordCoder.of());
  }

  private static final class FormArchiveSessionsFn
      extends DoFn<KV<Integer, Iterable<VisitPacket>>, SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
    private final SessionPolicy policy;

    FormArchiveSessionsFn(SessionPolicy policy) {
      this.policy = policy;
    }

    @ProcessElement
    public void form(
        @Element KV<Integer, Iterable<VisitPacket>> packets, OutputReceiver<SessionRecord> out) {
      ArchiveShard shard = new ArchiveShard(policy);
      for (VisitPacket packet : packets.getValue()) {
        for (VisitCursor visit = packet.cursor(); visit.next(); ) {
          shard.add(visit);
        }
        accepted.inc(packet.count());
      }
      shard.publish(out::output);
    }
  }
}
