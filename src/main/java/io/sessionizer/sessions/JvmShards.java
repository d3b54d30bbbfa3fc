package io.sessionizer.sessions;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The shards of this process, with their indexes. They are not fields of a step, because some
 * runners have several instances of a step, and give a key to any of them: each would have an index
 * of its own, and most of these would be obsolete. A shard is used by one thread at a time, and is
 * not in the map meanwhile.
 */
final class JvmShards {
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final ConcurrentHashMap<Key, Idle> SHARDS = new ConcurrentHashMap<>();
  private static final AtomicLong SWEPT_AT = new AtomicLong(System.nanoTime());

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
  static SessionShard take(UUID graph, int shard, SessionPolicy policy) {
    Idle idle = SHARDS.remove(new Key(graph, shard));
    return idle == null ? new SessionShard(policy) : idle.shard();
  }

  /** Puts a shard back. */
  static void put(UUID graph, int shard, SessionShard used) {
    long now = System.nanoTime();
    SHARDS.put(new Key(graph, shard), new Idle(used, now));
    long sweptAt = SWEPT_AT.get();
    if (now - sweptAt > SWEEP_NANOS && SWEPT_AT.compareAndSet(sweptAt, now)) {
      sweep(now - IDLE_NANOS);
    }
  }

  /** Drops shards of a step that is not used any more. */
  static void drop(UUID graph, Set<Integer> shards) {
    shards.forEach(shard -> SHARDS.remove(new Key(graph, shard)));
  }

  /**
   * Evicts the indexes of shards that were used before a time: another process may have the key.
   */
  private static void sweep(long beforeNanos) {
    for (Key key : SHARDS.keySet()) {
      SHARDS.computeIfPresent(
          key,
          (same, idle) -> {
            if (idle.sinceNanos() - beforeNanos < 0) {
              idle.shard().evictIndex();
            }
            return idle;
          });
    }
  }
}
