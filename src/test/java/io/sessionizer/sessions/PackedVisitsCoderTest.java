package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

/** The format of saved state. If this test has to change, savepoints break: see CHANGELOG.md. */
class PackedVisitsCoderTest implements CoderContract<PackedVisits> {
  private static final List<VisitedPage> VISITS =
      List.of(
          new VisitedPage(1_704_068_280_000L, "p", "é"),
          new VisitedPage(1_704_068_280_300L, null, "é"),
          new VisitedPage(1_704_068_280_300L, "p", null));

  @Override
  public Coder<PackedVisits> coder() {
    return PackedVisitsCoder.of();
  }

  @Override
  public PackedVisits example() {
    return PackedVisits.of(VISITS, "é");
  }

  @Test
  void storesUserOnlyIfDifferent() {
    for (String userId : new String[] {"é", "other", null}) {
      List<VisitedPage> unpacked = new ArrayList<>();
      PackedVisits.of(VISITS, userId).addTo(unpacked, userId);
      assertEquals(VISITS, unpacked);
    }
  }
}
