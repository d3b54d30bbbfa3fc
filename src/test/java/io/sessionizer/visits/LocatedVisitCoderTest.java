package io.sessionizer.visits;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class LocatedVisitCoderTest implements CoderContract<LocatedVisit> {
  @Override
  public Coder<LocatedVisit> coder() {
    return LocatedVisit.CODER;
  }

  @Override
  public LocatedVisit example() {
    return new LocatedVisit(
        new Visit("v", 1_704_068_280_000L, "é", null),
        new Provenance(new SourcePosition("t", 1, 300), 5, 6));
  }
}
