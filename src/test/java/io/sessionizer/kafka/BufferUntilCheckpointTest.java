package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.beam.runners.flink.adapter.FlinkKey;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class BufferUntilCheckpointTest {
  /** The default of a small job, and the fewest. */
  private static final int KEY_GROUPS = 128;

  /** With so many keys the table of a key group does not grow. */
  private static final int ROOM = 97;

  @Test
  void noTableOfKeyGroupGrows() {
    int[] keys = new int[KEY_GROUPS];
    for (int bucket = 0; bucket < BufferUntilCheckpoint.BUCKETS; bucket++) {
      FlinkKey key = FlinkKey.of(bucket, VarIntCoder.of());
      int group = KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS);
      keys[group]++;
      assertTrue(keys[group] <= ROOM, "key group " + group);
    }
  }
}
