package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JvmShardsTest {
  private final UUID graph = UUID.randomUUID();

  private SessionShard take(UUID of, int shard) {
    return JvmShards.take(of, shard, AnyEngineTest.POLICY);
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
}
