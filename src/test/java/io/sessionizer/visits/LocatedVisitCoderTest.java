package io.sessionizer.visits;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class LocatedVisitCoderTest implements CoderContract<LocatedVisit> {
  @Override
  public Coder<LocatedVisit> coder() {
    return LocatedVisitCoder.of();
  }

  @Override
  public LocatedVisit example() {
    return new LocatedVisit(
        new Visit("v", 1_704_068_280_000L, "é", null),
        new Provenance(new SourcePosition("t", 1, 300), 5, 6));
  }

  @Override
  public String exampleHex() {
    return "01"
        + "01"
        + "0176"
        + "c0dd8993cc31"
        + "0102c3a9"
        + "00"
        + "01"
        + "0174"
        + "01"
        + "ac02"
        + "05"
        + "06";
  }
}
