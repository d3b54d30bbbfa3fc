package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.coders.CoderContract;
import io.sessionizer.sessions.SessionState.Published;
import io.sessionizer.sessions.SessionState.Standing;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.junit.jupiter.api.Test;

/** The format of saved state. If this test has to change, savepoints break: see CHANGELOG.md. */
class SessionStateCoderTest implements CoderContract<SessionState> {
  @Override
  public Coder<SessionState> coder() {
    return SessionStateCoder.of();
  }

  @Override
  public SessionState example() {
    return new SessionState(
        "é",
        List.of(new Published(1_704_068_280_000L, 300, Standing.STALE)),
        -1,
        1_704_068_280_001L,
        new OpenSession(1_704_068_280_001L, 7, 2),
        Long.MAX_VALUE,
        5);
  }

  @Override
  public String exampleHex() {
    return "01"
        + "0102c3a9"
        + ("01" + "c0dd8993cc31" + "ac02" + "01")
        + "ffffffffffffffffff01"
        + "c1dd8993cc31"
        + ("02" + "c1dd8993cc31" + "07")
        + "ffffffffffffffff7f"
        + "05";
  }

  @Test
  void writesEveryStandingAsItsNumber() throws IOException {
    List<Published> published =
        List.of(
            new Published(1, 1, Standing.CURRENT),
            new Published(2, 1, Standing.STALE),
            new Published(3, 1, Standing.DELETED));
    assertEquals(
        "01" + "00" + "03" + "010100" + "020101" + "030102" + "00" + "09" + "00" + "00" + "00",
        CoderContract.hex(coder(), new SessionState(null, published, 0, 9, null, 0, 0)));
  }
}
