package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.testing.CoderContract;
import io.sessionizer.testing.PinnedBytes;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ConsumedRecordCoderTest implements CoderContract<ConsumedRecord> {
  @Override
  public Coder<ConsumedRecord> coder() {
    return ConsumedRecord.CODER;
  }

  @Override
  public ConsumedRecord example() {
    return new ConsumedRecord(
        new Provenance(new SourcePosition("visits", 1, 300L), 1_704_068_280_000L, 7),
        List.of(new Header("h", null), new Header("h", new byte[] {3})),
        new byte[] {9},
        new Visit("v", 1_704_068_280_000L, "é", null));
  }

  @Override
  public int oldestVersion() {
    return 1;
  }

  @Test
  void recordWithoutHeadersHasVersionOne() throws IOException {
    ConsumedRecord record =
        new ConsumedRecord(example().provenance(), example().key(), example().content());
    String pinned = PinnedBytes.of(name()).get(0).hex();
    assertEquals(pinned, CoderContract.hex(coder(), record));
    assertEquals(record, CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(pinned)));
  }

  @Test
  void writesRecordWithoutKey() throws IOException {
    assertEquals(
        "01"
            + ("01067669736974730000ffffffffffffffffff01" + "80808080808080808001")
            + "00"
            + "0101"
            + "010176000000",
        CoderContract.hex(
            coder(),
            new ConsumedRecord(
                new Provenance(new SourcePosition("visits", 0, 0), -1),
                null,
                new Visit("v", 0, null, null))));
  }
}
