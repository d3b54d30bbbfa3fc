package io.sessionizer.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends all records of one visit id to one partition, though their keys are session ids: by the
 * part of the key before the last {@code @}, and there as Kafka's own partitioner does by a key.
 */
public final class VisitIdPartitioner implements Partitioner {
  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    return Utils.toPositive(Utils.murmur2(visitId(keyBytes)))
        % cluster.partitionCountForTopic(topic);
  }

  /** Returns the visit id of a session id. */
  static byte[] visitId(byte[] sessionId) {
    int at = new String(sessionId, StandardCharsets.ISO_8859_1).lastIndexOf('@');
    return at < 0 ? sessionId : Arrays.copyOf(sessionId, at);
  }

  @Override
  public void configure(Map<String, ?> config) {}

  @Override
  public void close() {}
}
