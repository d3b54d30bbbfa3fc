package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.PackedUpsert;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.CoderContract;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class SessionRecordCoderTest implements CoderContract<SessionRecord> {
  @Override
  public Coder<SessionRecord> coder() {
    return SessionRecordCoder.of();
  }

  @Override
  public SessionRecord example() {
    return new Upsert(
        new Session(
            "v",
            List.of(
                new VisitedPage(1_704_068_280_000L, "p", "é"),
                new VisitedPage(1_704_068_280_001L, null, null))),
        300,
        Timing.LATE,
        EndReason.INACTIVITY);
  }

  @Test
  void writesASessionThatIsOnTime() throws IOException {
    assertEquals(
        "02"
            + "01"
            + "0176"
            + "01"
            + "0101"
            + "000001"
            + "07"
            + "074f4e5f54494d45"
            + "0a494e4143544956495459",
        CoderContract.hex(
            coder(),
            new Upsert(
                new Session("v", List.of(new VisitedPage(0, null, null)), 7),
                1,
                Timing.ON_TIME,
                EndReason.INACTIVITY)));
  }

  @Test
  void writesThatASessionIsNoMore() throws IOException {
    assertEquals(
        "02" + "00" + "0176" + "02" + "03764031" + "03764030",
        CoderContract.hex(
            coder(), new Tombstone(SessionId.parse("v@1"), 2, SessionId.parse("v@0"))));
  }

  @Test
  void packedSessionIsReadBackEqual() throws IOException {
    byte[] bytes = HexFormat.of().parseHex("76" + "75" + "00" + "0470" + "8001" + "0100");
    SessionRecord packed =
        new PackedUpsert(
            new PackedSession(bytes, 1, 1, 7, 135), 1, Timing.ON_TIME, EndReason.INACTIVITY);

    assertEquals(
        "02"
            + "02"
            + "09767500047080010100"
            + "01"
            + "02"
            + "07"
            + "8001"
            + "01"
            + "074f4e5f54494d45"
            + "0a494e4143544956495459",
        CoderContract.hex(coder(), packed));
    assertEquals(
        packed,
        CoderUtils.decodeFromByteArray(coder(), CoderUtils.encodeToByteArray(coder(), packed)));
    assertEquals(
        new Upsert(
            new Session(
                "v", List.of(new VisitedPage(7, "p", "u"), new VisitedPage(135, null, null))),
            1,
            Timing.ON_TIME,
            EndReason.INACTIVITY),
        packed.unpacked());
  }
}
