package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets at which a job stops reading, one behind the last record to read. A job that drains
 * has one for every partition, and reads nothing of a partition that it does not know.
 *
 * @param offsets by partition; empty for a job that does not stop
 */
record StoppingOffsets(HashMap<TopicPartition, Long> offsets) implements Serializable {
  private static final long serialVersionUID = 1L;

  static StoppingOffsets of(Map<TopicPartition, Long> offsets) {
    return new StoppingOffsets(new HashMap<>(offsets));
  }

  /** Returns where reading a partition stops. */
  long of(TopicPartition partition) {
    return offsets.isEmpty() ? Long.MAX_VALUE : offsets.getOrDefault(partition, 0L);
  }

  /** Returns the ends of logs, or where reading them stops if that is earlier. */
  Map<TopicPartition, Long> limit(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> limited = new HashMap<>(ends);
    limited.replaceAll((partition, end) -> Math.min(end, of(partition)));
    return limited;
  }
}
