package io.sessionizer.kafka;

import io.sessionizer.config.StartFrom;
import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets at which a job without saved state starts reading.
 *
 * @param startFrom the position that the user has chosen
 * @param rewind where to start instead of at the committed offsets
 * @param stop no partition starts behind these
 */
record StartingOffsets(StartFrom startFrom, Rewind rewind, StoppingOffsets stop)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Seeks to the first record to read of each partition. */
  void seek(PartitionLogs logs, Collection<TopicPartition> partitions) {
    switch (startFrom.position()) {
      case EARLIEST -> logs.seekToBeginning(partitions);
      case LATEST -> stop.limit(logs.ends(partitions)).forEach(logs::seek);
      case TIME -> seekToTime(logs, partitions, startFrom.timeMillis());
      case COMMITTED -> {
        if (rewind.isNone()) {
          // What a new group has committed since, as by a template, is not rewound.
          logs.seekToBeginning(partitions);
        }
        // Kafka's consumer looks up the committed offsets of the other partitions by itself.
        rewind.starts(partitions).forEach(logs::seek);
      }
    }
    stop.offsets()
        .forEach(
            (partition, end) -> {
              if (partitions.contains(partition) && logs.position(partition) > end) {
                logs.seek(partition, end);
              }
            });
  }

  private void seekToTime(PartitionLogs logs, Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> starts = logs.offsetsAt(partitions, millis);
    Map<TopicPartition, Long> ends = stop.limit(logs.ends(partitions));
    ends.forEach((partition, end) -> logs.seek(partition, starts.getOrDefault(partition, end)));
  }
}
