package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.visits.VisitPacket;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.runners.flink.adapter.FlinkKey;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flink itself assigns the keys evenly. */
class ShardKeysTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 64, 128, 256})
  void keyGroupsHaveEquallyManyShards(int maxParallelism) {
    Map<Integer, Integer> shards = new HashMap<>();
    for (int shard = 0; shard < VisitPacket.SHARDS; shard++) {
      shards.merge(keyGroup(shard, maxParallelism), 1, Integer::sum);
    }
    assertEquals(maxParallelism, shards.size());
    assertTrue(
        shards.values().stream().allMatch(some -> some == VisitPacket.SHARDS / maxParallelism));
  }

  /** No subtask has more than the least number possible with whole key groups. */
  @Test
  void subtasksHaveEquallyManyShards() {
    for (int parallelism = 1; parallelism <= 128; parallelism++) {
      int maxParallelism = KeyGroupRangeAssignment.computeDefaultMaxParallelism(parallelism);
      int[] shards = new int[parallelism];
      for (int shard = 0; shard < VisitPacket.SHARDS; shard++) {
        shards[
            KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                maxParallelism, parallelism, keyGroup(shard, maxParallelism))]++;
      }
      int most = IntStream.of(shards).max().getAsInt();
      int keyGroups = (maxParallelism + parallelism - 1) / parallelism;
      assertEquals(keyGroups * VisitPacket.SHARDS / maxParallelism, most, "at " + parallelism);
    }
  }

  private static int keyGroup(int shard, int maxParallelism) {
    return KeyGroupRangeAssignment.assignToKeyGroup(
        FlinkKey.of(ShardKeys.of(shard), ShardKeys.CODER), maxParallelism);
  }
}
