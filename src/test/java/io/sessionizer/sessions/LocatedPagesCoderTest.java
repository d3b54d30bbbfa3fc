package io.sessionizer.sessions;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

class LocatedPagesCoderTest implements CoderContract<List<LocatedPage>> {
  @Override
  public Coder<List<LocatedPage>> coder() {
    return LocatedPage.CODER;
  }

  @Override
  public List<LocatedPage> example() {
    return List.of(
        new LocatedPage(
            new VisitedPage(5, "p", "u"), new Provenance(new SourcePosition("t", 1, 300), 5, 9)),
        new LocatedPage(
            new VisitedPage(6, null, "u"), new Provenance(new SourcePosition("t", 1, 301), 6, 9)),
        new LocatedPage(
            new VisitedPage(5, "q", null), new Provenance(new SourcePosition("t", 2, 301), 6, 9)),
        new LocatedPage(
            new VisitedPage(5, "q", null), new Provenance(new SourcePosition("u", 2, 300), 8, 8)));
  }
}
