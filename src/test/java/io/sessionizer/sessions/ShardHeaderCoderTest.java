package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.sessions.SessionRules.FieldValue;
import io.sessionizer.testing.CoderContract;
import io.sessionizer.testing.PinnedBytes;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** The format of saved state. If this test has to change, savepoints break: see CHANGELOG.md. */
class ShardHeaderCoderTest implements CoderContract<ShardHeader> {
  @Override
  public Coder<ShardHeader> coder() {
    return ShardHeaderCoder.of();
  }

  @Override
  public ShardHeader example() {
    return header(
        new SessionRules(
            List.of(VisitField.USER_ID),
            List.of(
                new FieldValue(VisitField.PAGE, "v"), new FieldValue(VisitField.USER_ID, "\u00e9")),
            ZoneId.of("Europe/Paris")));
  }

  @Override
  public int oldestVersion() {
    return 1;
  }

  /** State that was saved before there were rules is read, and written as it was. */
  @Test
  void headerWithoutRulesKeepsVersion() throws IOException {
    String pinned = PinnedBytes.of(name()).get(0).hex();
    ShardHeader withoutRules = header(SessionRules.NONE);
    assertEquals(pinned, CoderContract.hex(coder(), withoutRules));
    assertEquals(
        withoutRules, CoderUtils.decodeFromByteArray(coder(), HexFormat.of().parseHex(pinned)));
  }

  private static ShardHeader header(SessionRules rules) {
    return new ShardHeader(
        new SessionPolicy(
            Duration.ofMillis(300), Duration.ofMillis(2), Duration.ofMillis(3), 4, 5, true, rules),
        0x0102030405060708L,
        9,
        10,
        1_704_068_280_001L,
        11,
        12);
  }
}
