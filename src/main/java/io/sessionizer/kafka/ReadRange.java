package io.sessionizer.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of each partition that are still to be read: from behind the last record polled to
 * the stopping offset. A consumer that has lost its position starts again at the first record;
 * KafkaIO would skip what it has already, but only by the batch. Not thread-safe.
 */
final class ReadRange {
  private final StoppingOffsets stop;
  private final Map<TopicPartition, Long> next = new HashMap<>();

  ReadRange(StoppingOffsets stop) {
    this.stop = stop;
  }

  /** Returns those of the polled records that are still to be read. */
  List<ConsumerRecord<byte[], byte[]>> unread(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
    long first = next.getOrDefault(partition, 0L);
    long end = stop.of(partition);
    int from = 0;
    while (from < polled.size() && polled.get(from).offset() < first) {
      from++;
    }
    int to = polled.size();
    while (to > from && polled.get(to - 1).offset() >= end) {
      to--;
    }
    if (from < to) {
      next.put(partition, polled.get(to - 1).offset() + 1);
    }
    return polled.subList(from, to);
  }

  /** Returns whether records that were polled reach the stopping offset of their partition. */
  boolean isExceeded(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
    return polled.get(polled.size() - 1).offset() >= stop.of(partition);
  }

  /** Everything from {@code offset} on is to be read. */
  void resume(TopicPartition partition, long offset) {
    next.put(partition, offset);
  }
}
