package io.sessionizer.bench.peers;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of every contender's Kafka clients: those that the sessionizer has by default, with
 * two partitions.
 */
public final class KafkaClients {
  /** The settings of consumers: few large fetches. */
  public static final Map<String, String> CONSUMER =
      Map.of(
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(4 << 20),
          ConsumerConfig.FETCH_MIN_BYTES_CONFIG, String.valueOf(2 << 20),
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(50 << 20),
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");

  /** The settings of producers: large batches, not compressed, that all replicas acknowledge. */
  public static final Map<String, String> PRODUCER =
      Map.of(
          ProducerConfig.ACKS_CONFIG, "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
          ProducerConfig.COMPRESSION_TYPE_CONFIG, "none",
          ProducerConfig.LINGER_MS_CONFIG, "100",
          ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 << 10));

  /**
   * How many records a peer takes from its consumer at once. The sessionizer takes them in portions
   * of its own and packs them.
   */
  static final int MAX_POLL_RECORDS = 5000;

  private KafkaClients() {}
}
