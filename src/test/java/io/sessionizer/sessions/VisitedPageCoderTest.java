package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.coders.CoderContract;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

class VisitedPageCoderTest implements CoderContract<VisitedPage> {
  @Override
  public Coder<VisitedPage> coder() {
    return VisitedPageCoder.of();
  }

  @Override
  public VisitedPage example() {
    return new VisitedPage(1_704_068_280_000L, null, "é");
  }

  @Override
  public String exampleHex() {
    return "01" + "c0dd8993cc31" + "00" + "0102c3a9";
  }

  @Test
  void writesAPageBefore1970WithoutAUser() throws IOException {
    assertEquals(
        "01" + "ffffffffffffffffff01" + "0105696e646578" + "00",
        CoderContract.hex(coder(), new VisitedPage(-1, "index", null)));
  }
}
