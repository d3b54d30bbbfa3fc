package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.visits.EventTimeRange;
import io.sessionizer.visits.VisitCoder;
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
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The stateful engine on visits that have an end: those of a shard are grouped, and cut into
 * sessions by the same rules. There is no watermark before the end, so none of them is late.
 *
 * <p>With a seam, the visits of sessions that are open there are {@link
 * SessionizeVisits#OPEN_VISITS}.
 */
final class SessionizeArchive extends PTransform<PCollection<VisitPacket>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** In packets a visit takes some 50 bytes; its session in memory takes as many again. */
  private static final long MAX_BYTES = 64 << 20;

  private final SessionPolicy policy;
  private final EventTimeRange range;
  private final long maxBytes;

  SessionizeArchive(SessionPolicy policy, EventTimeRange range) {
    this(policy, range, MAX_BYTES);
  }

  /**
   * Forms sessions.
   *
   * @param range the event times of the visits; its end, if it has one, is the seam
   * @param maxBytes how many bytes of packets are in memory at a time
   */
  SessionizeArchive(SessionPolicy policy, EventTimeRange range, long maxBytes) {
    this.policy = policy;
    this.range = range;
    this.maxBytes = maxBytes;
  }

  @Override
  public PCollectionTuple expand(PCollection<VisitPacket> visits) {
    PCollectionTuple sessionized =
        visits
            .apply("KeyByShard", ParDo.of(new KeyByShardFn()))
            .setCoder(KvCoder.of(ShardKeys.CODER, VisitPacket.CODER))
            .apply("GroupByShard", GroupByKey.create())
            .apply(
                "FormSessions",
                ParDo.of(new FormArchiveSessionsFn(policy, range.to(), maxBytes))
                    .withOutputTags(
                        SessionizeVisits.SESSIONS,
                        range.isOpen()
                            ? TupleTagList.empty()
                            : TupleTagList.of(SessionizeVisits.OPEN_VISITS)));
    sessionized.get(SessionizeVisits.SESSIONS).setCoder(SessionRecordCoder.of());
    if (!range.isOpen()) {
      sessionized.get(SessionizeVisits.OPEN_VISITS).setCoder(VisitCoder.of());
    }
    return sessionized;
  }

  private static final class FormArchiveSessionsFn
      extends DoFn<KV<Integer, Iterable<VisitPacket>>, SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
    private final Counter open = JobMetric.VISITS_OPEN.counter();
    private final SessionPolicy policy;
    private final long seam;
    private final long maxBytes;

    FormArchiveSessionsFn(SessionPolicy policy, long seam, long maxBytes) {
      this.policy = policy;
      this.seam = seam;
      this.maxBytes = maxBytes;
    }

    @ProcessElement
    public void form(@Element KV<Integer, Iterable<VisitPacket>> shard, MultiOutputReceiver out)
        throws IOException {
      try (PacketBuffer packets = new PacketBuffer(maxBytes)) {
        for (VisitPacket packet : shard.getValue()) {
          packets.add(packet);
          accepted.inc(packet.count());
        }
        ArchiveShard sessions = new ArchiveShard(policy, seam);
        for (int part = 0; part < packets.parts(); part++) {
          packets.read(part, sessions::add);
          sessions.publish(
              out.get(SessionizeVisits.SESSIONS)::output,
              visit -> {
                open.inc();
                out.get(SessionizeVisits.OPEN_VISITS).output(visit);
              });
        }
      }
    }
  }
}
