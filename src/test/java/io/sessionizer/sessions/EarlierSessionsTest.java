package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EarlierSessionsTest {
  private static final long MINUTE = 60_000;

  /** Returns session ids, of starts in minutes by visit id: {@code v@10}. */
  private static EarlierSessions sessions(String... ids) {
    return EarlierSessions.of(Arrays.stream(ids).map(EarlierSessionsTest::id).toList());
  }

  private static SessionId id(String text) {
    SessionId minutes = SessionId.parse(text);
    SessionStart start = minutes.start();
    return new SessionId(
        minutes.visitId(), new SessionStart(start.millis() * MINUTE, start.ordinal()));
  }

  private static List<SessionStart> starts(EarlierSessions sessions, long from, String visitId) {
    byte[] utf8 = (visitId + "behind").getBytes(UTF_8);
    return sessions.from(from * MINUTE, utf8, 0, visitId.length()).stream()
        .map(Publication::start)
        .toList();
  }

  @Test
  void findsSessionsOfVisitIdByStart() {
    EarlierSessions sessions =
        SerializableUtils.clone(sessions("v@30", "w@10", "v@10", "v@20", "v@20+1", "vv@15"));
    assertEquals(6, sessions.size());
    assertEquals(
        List.of(id("v@20").start(), id("v@20+1").start(), id("v@30").start()),
        starts(sessions, 20, "v"));
    assertEquals(List.of(), starts(sessions, 31, "v"));
    assertEquals(List.of(), starts(sessions, 0, "x"));
    assertEquals(List.of(), starts(EarlierSessions.NONE, 0, "v"));
  }

  @Test
  void needsTwentyBytesPerSession() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(id("140719780965248_%s@%s".formatted(i, i)));
    }
    int bytes = SerializableUtils.serializeToByteArray(EarlierSessions.of(ids)).length;
    assertTrue(bytes < 20 * ids.size() + 1_000, () -> bytes + " bytes");
  }

  /** With a gap of 16 minutes, and visits up to 15 minutes late. */
  @Nested
  class Shard {
    private final List<SessionRecord> changes = new ArrayList<>();

    private SessionShard shard(String... earlier) {
      return new SessionShard(
          SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(15)), sessions(earlier));
    }

    private void consume(SessionShard shard, long watermark, long... minutes) throws Exception {
      List<LocatedVisit> visits = new ArrayList<>();
      for (long minute : minutes) {
        visits.add(
            new LocatedVisit(
                new Visit("v", minute * MINUTE, null, "page"),
                new Provenance(new SourcePosition("visits", 0, 0), 0)));
      }
      long now = watermark * MINUTE;
      for (VisitPacket packet : VisitPacket.of(visits)) {
        for (VisitCursor visit = packet.cursor(); visit.next(); ) {
          shard.accept(visit, now, now, changes);
        }
      }
      shard.amend(now, changes);
    }

    /** Returns what was published since the last call, with times in minutes. */
    private List<String> published(SessionShard shard, long watermark) {
      shard.advance(watermark * MINUTE, changes);
      List<String> texts = changes.stream().map(Shard::text).toList();
      changes.clear();
      return texts;
    }

    private static String text(SessionRecord change) {
      if (change instanceof Tombstone tombstone) {
        return "%s in %s, revision %s"
            .formatted(
                text(tombstone.sessionId()), text(tombstone.supersededBy()), tombstone.revision());
      }
      Upsert upsert = (Upsert) change.unpacked();
      return "%s to %s, revision %s, %s"
          .formatted(
              text(upsert.sessionId()),
              upsert.endMillis() / MINUTE,
              upsert.revision(),
              upsert.timing());
    }

    private static String text(SessionId id) {
      return id.visitId() + "@" + id.start().millis() / MINUTE;
    }

    @Test
    void retractsSessionThatNewVisitMerges() throws Exception {
      SessionShard shard = shard("v@0", "v@20");
      consume(shard, 0, 0, 20, 10);
      assertEquals(
          List.of("v@0 to 20, revision 1, LATE", "v@20 in v@0, revision 1"), published(shard, 36));
    }

    @Test
    void retractsSessionWhoseStartMoves() throws Exception {
      SessionShard shard = shard("v@20");
      consume(shard, 0, 20, 10);
      assertEquals(
          List.of("v@10 to 20, revision 1, LATE", "v@20 in v@10, revision 1"),
          published(shard, 36));
    }

    @Test
    void sessionFormedAgainIsFirstRevision() throws Exception {
      SessionShard shard = shard("v@0", "v@20");
      consume(shard, 0, 0, 20);
      assertEquals(
          List.of("v@0 to 0, revision 1, ON_TIME", "v@20 to 20, revision 1, ON_TIME"),
          published(shard, 36));
      consume(shard, 36, 10);
      assertEquals(
          List.of("v@0 to 20, revision 2, LATE", "v@20 in v@0, revision 2"), published(shard, 36));
    }

    @Test
    void leavesSessionWhoseVisitsAreNotReadYet() throws Exception {
      SessionShard shard = shard("v@0", "v@20", "v@40");
      consume(shard, 0, 0, 1);
      assertEquals(List.of("v@0 to 1, revision 1, ON_TIME"), published(shard, 17));
      consume(shard, 17, 20);
      assertEquals(List.of("v@20 to 20, revision 1, ON_TIME"), published(shard, 36));
    }

    @Test
    void retractsSessionAfterVisitIdWasEvicted() throws Exception {
      SessionShard shard = shard("v@0", "v@80", "v@100");
      consume(shard, 0, 0);
      assertEquals(List.of("v@0 to 0, revision 1, ON_TIME"), published(shard, 60));
      assertEquals(0, shard.visitIds());
      consume(shard, 60, 80, 90, 100);
      assertEquals(
          List.of("v@80 to 100, revision 1, LATE", "v@100 in v@80, revision 1"),
          published(shard, 120));
    }
  }
}
