package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.records.SessionStart;
import io.sessionizer.sessions.SessionState.Phase;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
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
        new OpenSession(
            new SessionStart(1_704_068_280_001L, 5),
            7,
            2,
            new SessionBytes(300, 6),
            new SessionBytes(129, 8)),
        "é",
        List.of(new Publication(new SessionStart(1_704_068_280_000L, 3), 300, Status.STALE)),
        -1,
        1_704_068_280_001L,
        4,
        Long.MAX_VALUE);
  }

  @Test
  void writesEveryStatusAsItsNumber() throws IOException {
    List<Publication> published =
        List.of(
            new Publication(new SessionStart(1, 0), 1, Status.CURRENT),
            new Publication(new SessionStart(2, 0), 1, Status.STALE),
            new Publication(new SessionStart(3, 0), 1, Status.RETRACTED));
    assertEquals(
        "03" + "00" + "03" + "01000100" + "02000101" + "03000102" + "00" + "09" + "0000" + "00",
        CoderContract.hex(
            coder(), new SessionState(new Phase.Retained(), null, published, 0, 9, 0, 0)));
  }

  @Test
  void rejectsTheEmptyState() {
    assertThrows(CoderException.class, () -> CoderContract.hex(coder(), SessionState.EMPTY));
  }
}
