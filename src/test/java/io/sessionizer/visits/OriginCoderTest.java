package io.sessionizer.visits;

import io.sessionizer.records.Origin;
import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

class OriginCoderTest implements CoderContract<Origin> {
  @Override
  public Coder<Origin> coder() {
    return OriginCoder.of();
  }

  @Override
  public Origin example() {
    return new Origin("visits", 1, 300L, 1_704_068_280_000L, 7);
  }

  @Override
  public String exampleHex() {
    return "01" + "06766973697473" + "01" + "ac02" + "c0dd8993cc31" + "07";
  }
}
