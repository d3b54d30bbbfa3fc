package io.sessionizer.kafka.admin;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Offsets up to which a reader reads. */
public final class LogEnds {
  private LogEnds() {}

  /**
   * Lowers offsets to the current ends of the logs. A topic that was created anew, or a log that
   * was truncated, may never reach the end that it had when reading started. For readers that poll
   * up to the end, when a poll returned nothing.
   */
  public static void lower(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    consumer
        .endOffsets(ends.keySet())
        .forEach((partition, now) -> ends.merge(partition, now, Math::min));
  }
}
