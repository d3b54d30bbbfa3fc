package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

class AcceptedPagesCoderTest implements CoderContract<AcceptedPages> {
  private static final List<VisitedPage> PAGES = List.of(new VisitedPage(5, "p", "u"));

  @Override
  public Coder<AcceptedPages> coder() {
    return AcceptedPages.CODER;
  }

  @Override
  public AcceptedPages example() {
    return new AcceptedPages(PAGES, 300);
  }

  @Test
  void onTimePagesNeedOneExtraByte() throws IOException {
    assertEquals(
        "01" + CoderContract.hex(VisitedPagesCoder.of(), PAGES) + "00",
        CoderContract.hex(coder(), new AcceptedPages(PAGES, AcceptedPages.NONE_LATE)));
  }
}
