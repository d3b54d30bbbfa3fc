package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.testing.CoderContract;
import io.sessionizer.testing.PinnedBytes;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class LateVisitCoderTest implements CoderContract<LateVisit> {
  private final LocatedVisitCoderTest located = new LocatedVisitCoderTest();

  @Override
  public Coder<LateVisit> coder() {
    return LateVisit.CODER;
  }

  @Override
  public LateVisit example() {
    return new LateVisit(
        located.example(),
        60_000,
        new TopicRecord(
            null,
            new byte[] {1, 2},
            List.of(new Header("h", null), new Header("é", new byte[] {3}))));
  }

  @Override
  public int oldestVersion() {
    return 1;
  }

  @Test
  void visitWithoutItsRecordHasVersionOne() throws Exception {
    LateVisit visit = new LateVisit(located.example(), 60_000);
    String pinned = PinnedBytes.of(name()).get(0).hex();
    assertEquals(pinned, CoderContract.hex(coder(), visit));
    assertEquals(visit, CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(pinned)));
  }
}
