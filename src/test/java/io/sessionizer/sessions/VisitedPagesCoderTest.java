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
}
