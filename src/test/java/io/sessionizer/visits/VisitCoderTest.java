package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
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

  @Test
  void writesProjectedFieldsInFront() throws IOException {
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    writer.add(7, true);
    Visit visit = new Visit("v", 0, null, "", writer.toFields());

    byte[] bytes = CoderUtils.encodeToByteArray(coder(), visit);

    assertEquals(
        "01" + "00" + "050000000702" + "0176" + "00" + "00" + "0100",
        HexFormat.of().formatHex(bytes));
    assertEquals(visit, CoderUtils.decodeFromByteArray(coder(), bytes));
  }
}
