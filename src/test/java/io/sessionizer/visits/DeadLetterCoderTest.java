package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
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

class DeadLetterCoderTest implements CoderContract<DeadLetter> {
  @Override
  public Coder<DeadLetter> coder() {
    return DeadLetterCoder.of();
  }

  @Override
  public DeadLetter example() {
    return new DeadLetter(
        new Provenance(new SourcePosition("visits", 1, 300L), 1_704_068_280_000L, 7),
        List.of(new Header("h", null), new Header("h", new byte[] {3})),
        null,
        new byte[] {1, 2},
        Reason.NOT_JSON,
        "no");
  }

  @Override
  public int oldestVersion() {
    return 1;
  }

  @Test
  void letterWithoutHeadersHasVersionOne() throws IOException {
    DeadLetter letter =
        new DeadLetter(example().provenance(), null, example().value(), Reason.NOT_JSON, "no");
    String pinned = PinnedBytes.of(name()).get(0).hex();
    assertEquals(pinned, CoderContract.hex(coder(), letter));
    assertEquals(letter, CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(pinned)));
  }

  @Test
  void writesDeadLetterWithoutValue() throws IOException {
    assertEquals(
        "01"
            + ("010676697369747301ac0200" + "80808080808080808001")
            + "010100"
            + "00"
            + "05454d505459"
            + "00",
        CoderContract.hex(
            coder(),
            new DeadLetter(
                new Provenance(new SourcePosition("visits", 1, 300L), 0),
                new byte[1],
                null,
                Reason.EMPTY,
                "")));
  }
}
