package io.sessionizer.visits;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.CoderContract;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

class ConsumedBatchCoderTest implements CoderContract<ConsumedBatch> {
  @Override
  public Coder<ConsumedBatch> coder() {
    return ConsumedBatch.CODER;
  }

  @Override
  public ConsumedBatch example() {
    PacketWriter packets = new PacketWriter("visits", 1, 7);
    packets.add(new Visit("v", 1_704_068_280_000L, "é", null), 300, 1_704_068_280_000L);
    for (int filtered = 0; filtered < 5; filtered++) {
      packets.add(new byte[] {2}, 302, 0);
    }
    for (int excluded = 0; excluded < 3; excluded++) {
      packets.add(new byte[] {3}, 302, 0);
    }
    return packets.batch(
        List.of(
            new ConsumedRecord(
                new Provenance(new SourcePosition("visits", 1, 301), 1_704_068_280_000L, 7),
                new byte[] {9},
                new Rejection(Reason.EMPTY, "the record has no value", null))));
  }
}
