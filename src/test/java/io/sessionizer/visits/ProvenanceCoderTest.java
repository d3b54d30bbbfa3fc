package io.sessionizer.visits;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class ProvenanceCoderTest implements CoderContract<Provenance> {
  @Override
  public Coder<Provenance> coder() {
    return ProvenanceCoder.of();
  }

  @Override
  public Provenance example() {
    return new Provenance(new SourcePosition("visits", 1, 300L), 1_704_068_280_000L, 7);
  }
}
