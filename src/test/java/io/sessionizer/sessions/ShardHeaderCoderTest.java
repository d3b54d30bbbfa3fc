package io.sessionizer.sessions;

import io.sessionizer.testing.CoderContract;
import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;

/** The format of saved state. If this test has to change, savepoints break: see CHANGELOG.md. */
class ShardHeaderCoderTest implements CoderContract<ShardHeader> {
  @Override
  public Coder<ShardHeader> coder() {
    return ShardHeaderCoder.of();
  }

  @Override
  public ShardHeader example() {
    return new ShardHeader(
        new SessionPolicy(
            Duration.ofMillis(300), Duration.ofMillis(2), Duration.ofMillis(3), 4, 5, true),
        0x0102030405060708L,
        9,
        10,
        1_704_068_280_001L,
        11,
        12);
  }
}
