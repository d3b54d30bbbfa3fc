package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.visits.VisitPacket;
import java.io.IOException;
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

  /** In packets a visit takes some 50 bytes; its session in memory takes as many again. */
  private static final long MAX_BYTES = 64 << 20;

  private final SessionPolicy policy;
  private final long maxBytes;

  SessionizeArchive(SessionPolicy policy) {
    this(policy, MAX_BYTES);
  }

  /**
   * Forms sessions.
   *
   * @param maxBytes how many bytes of packets are in memory at a time
   */
  SessionizeArchive(SessionPolicy policy, long maxBytes) {
    this.policy = policy;
    this.maxBytes = maxBytes;
  }

  @Override
  public PCollection<SessionRecord> expand(PCollection<VisitPacket> visits) {
    return visits
        .apply("KeyByShard", ParDo.of(new KeyByShardFn()))
        .setCoder(KvCoder.of(ShardKeys.CODER, VisitPacket.CODER))
        .apply("GroupByShard", GroupByKey.create())
        .apply("FormSessions", ParDo.of(new FormArchiveSessionsFn(policy, maxBytes)))
        .setCoder(SessionRecordCoder.of());
  }

  private static final class FormArchiveSessionsFn
      extends DoFn<KV<Integer, Iterable<VisitPacket>>, SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
    private final SessionPolicy policy;
    private final long maxBytes;

    FormArchiveSessionsFn(SessionPolicy policy, long maxBytes) {
      this.policy = policy;
      this.maxBytes = maxBytes;
    }

    @ProcessElement
    public void form(
        @Element KV<Integer, Iterable<VisitPacket>> shard, OutputReceiver<SessionRecord> out)
        throws IOException {
      try (PacketBuffer packets = new PacketBuffer(maxBytes)) {
        for (VisitPacket packet : shard.getValue()) {
          packets.add(packet);
          accepted.inc(packet.count());
        }
        ArchiveShard sessions = new ArchiveShard(policy);
        for (int part = 0; part < packets.parts(); part++) {
          packets.read(part, sessions::add);
          sessions.publish(out::output);
        }
      }
    }
  }
}
