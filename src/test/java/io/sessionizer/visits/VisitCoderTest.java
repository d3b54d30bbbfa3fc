package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

class VisitCoderTest implements CoderContract<Visit> {
  @Override
  public Coder<Visit> coder() {
    return VisitCoder.of();
  }

  @Override
  public Visit example() {
    return new Visit("v", 1_704_068_280_000L, "é", null);
  }

  @Test
  void writesEveryFieldOfAVisitBefore1970() throws IOException {
    assertEquals(
        "01" + "0176" + "ffffffffffffffffff01" + "00" + "0100",
        CoderContract.hex(coder(), new Visit("v", -1, null, "")));
  }
}
