package io.sessionizer.bench.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The peers read what the sessionizer reads, and write what it writes. */
class PeerJsonTest {
  private final PeerVisitReader reader = new PeerVisitReader();
  private final PeerSessionWriter writer = new PeerSessionWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-29T23:59:58+00:00",
        "2024-02-29T23:59:58Z",
        "2024-03-01T00:59:58+01:00",
        "2024-02-29T23:59:58.000Z"
      })
  void aTimeIsReadHoweverItIsWritten(String time) throws IOException {
    assertEquals(1_709_251_198_000L, visit("v", time, "index").timeMillis);
  }

  @Test
  void rejectsMalformedVisits() {
    for (String json : List.of("", "[]", "{}", "{\"visit_id\":\"v\"}", "{\"visit_id\":", "nope")) {
      assertThrows(IOException.class, () -> reader.read(json.getBytes(UTF_8)), json);
    }
  }

  @Test
  void writesSessionLikeSessionizerInAnyOrder() throws IOException {
    PeerSession early = new PeerSession();
    early.add(visit("v", "2024-01-01T00:05:00+00:00", "home"));
    early.add(visit("v", "2024-01-01T00:05:00+00:00", "contact"));
    PeerSession session = new PeerSession();
    session.add(visit("v", "2024-01-01T00:09:00+00:00", "main"));
    session.addAll(early);
    PeerSession read = throughTheSerializer(session);
    read.sort();

    Session same =
        new Session(
            "v",
            List.of(
                new VisitedPage(1_704_067_740_000L, "main", "kim"),
                new VisitedPage(1_704_067_500_000L, "home", "kim"),
                new VisitedPage(1_704_067_500_000L, "contact", "kim")));
    assertArrayEquals(same.id().toString().getBytes(UTF_8), writer.key(read));
    assertEquals(
        new String(new SessionJson(ZoneOffset.UTC).write(same), UTF_8),
        new String(writer.value(read), UTF_8));
  }

  private PeerVisit visit(String id, String time, String page) throws IOException {
    String json =
        """
        {"visit_id":"%s","event_time":"%s","context":{"page":"none"},"user_id":"kim","page":"%s"}"""
            .formatted(id, time, page);
    return reader.read(json.getBytes(UTF_8));
  }

  private static PeerSession throughTheSerializer(PeerSession session) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    PeerSerializers.OfSession.INSTANCE.serialize(session, out);
    return PeerSerializers.OfSession.INSTANCE.deserialize(
        new DataInputDeserializer(out.getCopyOfBuffer()));
  }
}
