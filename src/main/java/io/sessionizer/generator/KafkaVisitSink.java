package io.sessionizer.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes visits to a Kafka topic, keyed by visit id. A visit is written when all in-sync replicas
 * have it; the first one that cannot be written fails the sink.
 */
public final class KafkaVisitSink implements VisitSink {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          // Of what was measured on two cores, broker included, the quickest.
          ProducerConfig.COMPRESSION_TYPE_CONFIG,
          "lz4",
          ProducerConfig.LINGER_MS_CONFIG,
          20,
          ProducerConfig.BATCH_SIZE_CONFIG,
          256 << 10,
          ProducerConfig.BUFFER_MEMORY_CONFIG,
          64L << 20,
          // A broker that goes away and does not come back is an error, not a wait of minutes.
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          30_000,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          10_000,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          30_000);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<Exception> firstFailure = new AtomicReference<>();

  KafkaVisitSink(Producer<byte[], byte[]> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  /**
   * Opens a topic, which has to exist.
   *
   * @param clientConfig where the brokers are, and what else a Kafka client is to be told; goes
   *     before the settings that are made here
   * @throws KafkaException if a setting cannot be used
   */
  public static KafkaVisitSink open(String topic, Map<String, Object> clientConfig) {
    Map<String, Object> config = new HashMap<>(SETTINGS);
    config.putAll(clientConfig);
    return new KafkaVisitSink(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()), topic);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // onAnswer is told the same
  public void write(GeneratedVisit visit) throws IOException {
    failIfOneFailed();
    try {
      producer.send(new ProducerRecord<>(topic, visit.key(), visit.value()), this::onAnswer);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() throws IOException {
    producer.flush();
    failIfOneFailed();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  private void onAnswer(RecordMetadata metadata, Exception failure) {
    if (failure == null) {
      acknowledged.incrementAndGet();
    } else {
      firstFailure.compareAndSet(null, failure);
    }
  }

  private void failIfOneFailed() throws IOException {
    Exception failure = firstFailure.get();
    if (failure != null) {
      throw failure(failure);
    }
  }

  private IOException failure(Exception cause) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "cannot write to topic '%s' (%,d records are written): %s",
            topic,
            acknowledged.get(),
            // A producer that gives up says how old its batch is, and not what is missing.
            cause instanceof TimeoutException && cause.getMessage().startsWith("Expiring ")
                ? "the broker did not acknowledge the next ones in time: does it run, and is there"
                    + " space left on its disk? ("
                    + cause.getMessage()
                    + ')'
                : cause.getMessage()),
        cause);
  }
}
