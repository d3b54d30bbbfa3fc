package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

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

  @Test
  void writesProjectedFieldsBehindUser() throws IOException {
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    writer.add(7, true);
    List<VisitedPage> visits =
        List.of(
            new VisitedPage(1, "p", null, writer.toFields()),
            new VisitedPage(2, null, "u", writer.toFields()),
            new VisitedPage(3, null, "u"));

    byte[] bytes = CoderUtils.encodeToByteArray(coder(), visits);

    String fields = "050000000702";
    assertEquals(
        "01"
            + "03"
            + "01010170"
            + "03"
            + fields
            + "0100"
            + "02"
            + "010175"
            + fields
            + "0100"
            + "01",
        HexFormat.of().formatHex(bytes));
    assertEquals(visits, CoderUtils.decodeFromByteArray(coder(), bytes));
  }
}
