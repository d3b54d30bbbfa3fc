package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.DeadLetterRecord.Payload;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Of a job that was started at 1,000, after one that had flushed all before offset 7. */
class WrittenDeadLettersTest {
  private static final TopicPartition VISITS = new TopicPartition("visits", 0);

  private final WrittenDeadLetters written =
      WrittenDeadLetters.before(
          Rewind.of(Map.of(VISITS, 2L), Map.of(VISITS, new CommittedOffset(9, 7)), null, null),
          1_000);

  private static Provenance record(long offset, long timestamp) {
    return new Provenance(new SourcePosition("visits", 0, offset), timestamp);
  }

  private void find(long offset, long timestamp) {
    Payload none = new Payload(null, 0);
    written.add(
        new DeadLetterRecord(
            record(offset, timestamp).position(),
            timestamp,
            Reason.EMPTY,
            "empty",
            none,
            none,
            List.of(),
            0));
  }

  @Test
  void containsThoseBeforeFlushedOffset() {
    assertTrue(written.contains(record(6, 100)));
    assertFalse(written.contains(record(7, 100)));
    assertFalse(written.contains(new Provenance(new SourcePosition("visits", 1, 6), 100)));
  }

  @Test
  void containsOthersThatAreFound() {
    find(8, 100);
    find(12, 100);
    assertTrue(written.contains(record(8, 100)));
    assertTrue(written.contains(record(12, 100)));
    assertFalse(written.contains(record(7, 100)));
    assertFalse(written.contains(record(8, 101)));
  }

  @Test
  void recordsOfTopicCreatedAnewAreOthers() {
    assertFalse(written.contains(record(6, 1_001)));
    find(5, 1_001); // by a producer whose clock is fast
    assertTrue(written.contains(record(5, 1_001)));
  }

  @Test
  void noneContainsNothing() {
    assertFalse(WrittenDeadLetters.NONE.contains(record(6, 100)));
  }
}
