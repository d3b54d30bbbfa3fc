package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.SessionStart;
import io.sessionizer.sessions.SessionState.Published;
import io.sessionizer.sessions.SessionState.PublishedState;
import io.sessionizer.testing.CoderContract;
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
        List.of(new Published(new SessionStart(1_704_068_280_000L, 3), 300, PublishedState.STALE)),
        -1,
        1_704_068_280_001L,
        4,
        new OpenSession(new SessionStart(1_704_068_280_001L, 5), 7, 2, new SessionBytes(300, 6)),
        new SessionBytes(129, 8),
        Long.MAX_VALUE,
        5);
  }

  @Override
  public String exampleHex() {
    return "02"
        + "0102c3a9"
        + ("01" + "c0dd8993cc31" + "03" + "ac02" + "01")
        + "ffffffffffffffffff01"
        + "c1dd8993cc31"
        + "04"
        + ("02" + "c1dd8993cc31" + "05" + "07" + ("ac02" + "06") + ("8101" + "08"))
        + "ffffffffffffffff7f"
        + "05";
  }

  @Test
  void writesEveryStandingAsItsNumber() throws IOException {
    List<Published> published =
        List.of(
            new Published(new SessionStart(1, 0), 1, PublishedState.CURRENT),
            new Published(new SessionStart(2, 0), 1, PublishedState.STALE),
            new Published(new SessionStart(3, 0), 1, PublishedState.DELETED));
    assertEquals(
        "02" + "00" + "03" + "01000100" + "02000101" + "03000102" + "00" + "09" + "0000" + "0000",
        CoderContract.hex(
            coder(), new SessionState(null, published, 0, 9, 0, null, SessionBytes.NONE, 0, 0)));
  }
}
