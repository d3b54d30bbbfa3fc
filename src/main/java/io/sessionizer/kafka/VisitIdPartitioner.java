package io.sessionizer.kafka;

import io.sessionizer.records.SessionId;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * A partitioner that sends all records of one visit id to one partition, although their keys are
 * session ids: to the one that Kafka's own partitioner chooses for the visit id as key.
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
