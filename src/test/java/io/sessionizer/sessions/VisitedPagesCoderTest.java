package io.sessionizer.sessions;

import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

/** The format between steps, and of sessions that wait. */
class VisitedPagesCoderTest implements CoderContract<List<VisitedPage>> {
  @Override
  public Coder<List<VisitedPage>> coder() {
    return VisitedPagesCoder.of();
  }

  @Override
  public List<VisitedPage> example() {
    return List.of(
        new VisitedPage(1_704_068_280_000L, "p", "é"),
        new VisitedPage(1_704_068_280_300L, null, "é"),
        new VisitedPage(1_704_068_280_300L, "p", null));
  }

  @Override
  public String exampleHex() {
    return "01"
        + "03"
        + ("c0dd8993cc31" + "010170" + "000102c3a9")
        + ("ac02" + "00" + "01")
        + ("00" + "010170" + "0000");
  }
}
