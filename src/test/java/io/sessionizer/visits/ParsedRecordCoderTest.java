package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Reason;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

class ParsedRecordCoderTest implements CoderContract<ParsedRecord> {
  @Override
  public Coder<ParsedRecord> coder() {
    return ParsedRecordCoder.of();
  }

  @Override
  public ParsedRecord example() {
    return new Rejection(Reason.EMPTY, "no", new byte[] {1, 2});
  }

  @Test
  void writesRejectionWithoutValue() throws IOException {
    assertEquals(
        "01" + "00" + "05454d505459" + "026e6f" + "00",
        CoderContract.hex(coder(), new Rejection(Reason.EMPTY, "no", null)));
  }

  @Test
  void writesAVisitAfterASign() throws IOException {
    assertEquals(
        "01" + "01" + "010176c0dd8993cc310102c3a900",
        CoderContract.hex(coder(), new Visit("v", 1_704_068_280_000L, "é", null)));
  }
}
