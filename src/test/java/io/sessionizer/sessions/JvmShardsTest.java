package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JvmShardsTest {
  private final UUID graph = UUID.randomUUID();

  private SessionShard take(UUID of, int shard) {
    return JvmShards.take(of, shard, AnyEngineTest.POLICY, EarlierSessions.NONE);
  }

  @Test
  void shardIsUsedAgain() {
    SessionShard shard = take(graph, 1);
    JvmShards.put(graph, 1, shard);
    assertSame(shard, take(graph, 1));
  }

  @Test
  void shardInUseIsNotShared() {
    SessionShard shard = take(graph, 1);
    JvmShards.put(graph, 1, shard);
    assertSame(shard, take(graph, 1));
    assertNotSame(shard, take(graph, 1));
  }

  @Test
  void graphsAndShardsDoNotMix() {
    SessionShard shard = take(graph, 1);
    JvmShards.put(graph, 1, shard);
    assertNotSame(shard, take(graph, 2));
    assertNotSame(shard, take(UUID.randomUUID(), 1));
  }

  @Test
  void droppedShardsAreMadeAnew() {
    SessionShard shard = take(graph, 1);
    JvmShards.put(graph, 1, shard);
    JvmShards.drop(graph, Set.of(1));
    assertNotSame(shard, take(graph, 1));
  }

  @Test
  void shardsInUseAreNotEvicted() {
    SessionShard shard = take(graph, 1);
    JvmShards.put(graph, 1, shard);
    assertEquals(0, JvmShards.evictIdle(graph, TimeUnit.MINUTES.toNanos(1)));
    take(graph, 1);
    assertEquals(0, JvmShards.evictIdle(graph, 0));
  }

  /** Its state may be here still, so that visit ids and log count. */
  @Test
  void evictedIndexHasNoBytesUntilRestored() {
    SessionShard shard = take(graph, 1);
    VisitCursor visit =
        VisitPacket.of(
                List.of(
                    new LocatedVisit(
                        new Visit("v", 0, "user", "page"),
                        new Provenance(new SourcePosition("visits", 0, 0), 0))))
            .get(0)
            .cursor();
    visit.next();
    shard.accept(visit, 0, 0, new ArrayList<>());
    SessionShard.Commit commit = shard.commit();
    ShardSize size = shard.growthSinceReport();
    assertEquals(1, size.visitIds());
    assertTrue(size.bytesOfIndex() > 0 && size.bytesInLog() > 0, size.toString());
    JvmShards.put(graph, 1, shard);

    assertEquals(0, JvmShards.evictIdle(UUID.randomUUID(), 0));
    assertEquals(size.bytesOfIndex(), JvmShards.evictIdle(graph, 0));
    assertEquals(0, JvmShards.evictIdle(graph, 0));

    SessionShard again = take(graph, 1);
    ShardHeader header = commit.header();
    assertFalse(again.fits(header));
    again.restore(header, commit.entries());
    ShardSize growth = again.growthSinceReport();
    assertEquals(ShardSize.NONE, growth.withoutIndex());
    assertTrue(growth.bytesOfIndex() > 0, growth.toString());
  }
}
