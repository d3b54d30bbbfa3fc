package io.sessionizer.sessions;

import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Keys packets by the shard of their visits. */
final class KeyByShardFn extends DoFn<VisitPacket, KV<Integer, VisitPacket>> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void key(@Element VisitPacket packet, OutputReceiver<KV<Integer, VisitPacket>> out) {
    out.output(KV.of(ShardKeys.of(packet), packet));
  }
}
