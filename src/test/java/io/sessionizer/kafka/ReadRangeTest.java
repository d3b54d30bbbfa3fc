package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which of the polled records are handed over. */
class ReadRangeTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  private final ReadRange range = new ReadRange(StoppingOffsets.of(Map.of(P0, 6L)));

  @Test
  void dropsRecordsReadBefore() {
    assertEquals(List.of(0L, 1L, 2L), unread(0, 3));
    assertEquals(List.of(3L, 4L), unread(0, 5));
    assertEquals(List.of(), unread(0, 5));
  }

  @Test
  void dropsRecordsBehindStoppingOffset() {
    assertEquals(List.of(4L, 5L), unread(4, 9));
    assertEquals(List.of(), unread(6, 9));
  }

  @Test
  void isExceededAtStoppingOffset() {
    assertFalse(range.isExceeded(P0, polled(0, 6)));
    assertTrue(range.isExceeded(P0, polled(0, 7)));
  }

  @Test
  void resumesAtEarlierOffset() {
    unread(0, 5);
    range.resume(P0, 2);
    assertEquals(List.of(2L, 3L), unread(0, 4));
  }

  @Test
  void readsNothingOfUnknownPartition() {
    TopicPartition added = new TopicPartition("visits", 1);
    assertEquals(List.of(), range.unread(added, polled(0, 3)));
  }

  private List<Long> unread(int from, int to) {
    return range.unread(P0, polled(from, to)).stream().map(ConsumerRecord::offset).toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> polled(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(offset -> new ConsumerRecord<>("visits", 0, offset, new byte[0], new byte[0]))
        .toList();
  }
}
