package io.sessionizer.kafka;

import io.sessionizer.records.SessionId;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends all records of one visit id to one partition, though their keys are session ids: by the
 * visit id in the key, and there as Kafka's own partitioner does by a key.
 */
public final class VisitIdPartitioner implements Partitioner {
  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    return Utils.toPositive(Utils.murmur2(SessionId.visitIdBytes(keyBytes)))
        % cluster.partitionCountForTopic(topic);
  }

  @Override
  public void configure(Map<String, ?> config) {}

  @Override
  public void close() {}
}
