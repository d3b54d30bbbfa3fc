package io.sessionizer.kafka.admin;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Offsets up to which somebody reads. */
public final class LogEnds {
  private LogEnds() {}

  /**
   * Lowers ends to where the logs end now. A topic that was created anew, or a log that was
   * truncated, may never reach the end that it had when reading began. For readers that poll until
   * they are at the end, and got nothing.
   */
  public static void lower(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    consumer
        .endOffsets(ends.keySet())
        .forEach((partition, now) -> ends.merge(partition, now, Math::min));
  }
}
