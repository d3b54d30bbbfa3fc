package io.sessionizer.sessions;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The shards of this process, with their indexes. They are not fields of a step, because some
 * runners have several instances of a step, and give a key to any of them: each would have an index
 * of its own, and most of these would be obsolete. A shard is used by one thread at a time, and is
 * not in the map meanwhile.
 */
final class JvmShards {
  private static final ConcurrentHashMap<Key, Idle> SHARDS = new ConcurrentHashMap<>();

  /**
   * The name of a shard.
   *
   * @param graph made with the step
   * @param shard the key of the shard
   */
  private record Key(UUID graph, int shard) {}

  /**
   * A shard that is not in use.
   *
   * @param sinceNanos by {@link System#nanoTime}
   */
  private record Idle(SessionShard shard, long sinceNanos) {}

  private JvmShards() {}

  /** Removes a shard, or makes one. */
  static SessionShard take(UUID graph, int shard, SessionPolicy policy, EarlierSessions earlier) {
    Idle idle = SHARDS.remove(new Key(graph, shard));
    return idle == null ? new SessionShard(policy, earlier) : idle.shard();
  }

  /** Puts a shard back. */
  static void put(UUID graph, int shard, SessionShard used) {
    SHARDS.put(new Key(graph, shard), new Idle(used, System.nanoTime()));
  }

  /** Drops shards of a step that is not used any more. */
  static void drop(UUID graph, Set<Integer> shards) {
    shards.forEach(shard -> SHARDS.remove(new Key(graph, shard)));
  }

  /**
   * Evicts the indexes of shards of a step that were not used for a time: another process may have
   * the key. Their sizes stay known, as their state may be here still.
   *
   * @return how many bytes of these indexes were reported
   */
  static long evictIdle(UUID graph, long idleNanos) {
    long now = System.nanoTime();
    AtomicLong freed = new AtomicLong();
    for (Key key : SHARDS.keySet()) {
      if (key.graph().equals(graph)) {
        SHARDS.computeIfPresent(
            key,
            (same, idle) -> {
              if (now - idle.sinceNanos() >= idleNanos) {
                freed.addAndGet(idle.shard().evictIndex());
              }
              return idle;
            });
      }
    }
    return freed.get();
  }
}
