package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sessionizer.coders.CoderContract;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** The format of saved state. If this test has to change, savepoints break: see CHANGELOG.md. */
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

  @Test
  void visitsThatAreReadBackShareTheTextsOfPages() throws Exception {
    byte[] bytes = HexFormat.of().parseHex(exampleHex());
    List<VisitedPage> once = CoderUtils.decodeFromByteArray(coder(), bytes);
    List<VisitedPage> again = CoderUtils.decodeFromByteArray(coder(), bytes);
    assertEquals(example(), again);
    assertSame(once.get(0).page(), again.get(0).page());
    assertSame(again.get(0).page(), again.get(2).page());
  }
}
