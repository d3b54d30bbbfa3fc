package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.PackedUpsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a session costs in a shard: forming it visit by visit, with its log, and writing it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ShardBenchmark {
  private static final long START = 1_704_067_200_000L;
  private static final long STEP = 120_000;
  private static final Duration GAP = Duration.ofMinutes(16);

  /** How many pages the session has. */
  @Param({"12", "500"})
  public int pages;

  private final SessionPolicy policy = SessionPolicy.of(GAP, Duration.ofMinutes(15));
  private final SessionJson json = new SessionJson(ZoneOffset.UTC);
  private final List<VisitPacket> packets = new ArrayList<>();
  private PackedSession session;

  /** Makes up a session, each visit of which is read alone. */
  @Setup
  public void makeUp() {
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    for (int i = 0; i < pages; i++) {
      Visit visit =
          new Visit(
              "140719780965248_0",
              START + i * STEP,
              "140719780965248_f287ad2c",
              "category_" + i % 20);
      packets.addAll(VisitPacket.of(List.of(new LocatedVisit(visit, provenance))));
    }
    session = ((PackedUpsert) form().get(0)).session();
  }

  /** Accepts all visits of a session, one by one, and writes the log of each. */
  @Benchmark
  public List<SessionRecord> form() {
    SessionShard shard = new SessionShard(policy);
    List<SessionRecord> changes = new ArrayList<>();
    for (VisitPacket packet : packets) {
      for (VisitCursor visit = packet.cursor(); visit.next(); ) {
        shard.accept(visit, visit.eventTimeMillis(), visit.eventTimeMillis(), changes);
      }
      shard.amend(START, changes);
      shard.commit();
    }
    shard.advance(START + pages * STEP + GAP.toMillis(), changes);
    shard.commit();
    return changes;
  }

  /** Writes a session's JSON. */
  @Benchmark
  public byte[] write() {
    return json.write(session);
  }
}
