package io.sessionizer.visits;

import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class LateVisitCoderTest implements CoderContract<LateVisit> {
  private final LocatedVisitCoderTest located = new LocatedVisitCoderTest();

  @Override
  public Coder<LateVisit> coder() {
    return LateVisit.CODER;
  }

  @Override
  public LateVisit example() {
    return new LateVisit(located.example(), 60_000);
  }
}
