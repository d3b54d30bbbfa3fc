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
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes visits to a Kafka topic, keyed by visit id. A visit is written when all in-sync replicas
 * have it; the first failed write fails the sink.
 */
public final class KafkaVisitSink implements VisitSink {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          // The fastest settings measured on two cores, broker included.
          ProducerConfig.COMPRESSION_TYPE_CONFIG,
          "lz4",
          ProducerConfig.LINGER_MS_CONFIG,
          20,
          ProducerConfig.BATCH_SIZE_CONFIG,
          256 << 10,
          ProducerConfig.BUFFER_MEMORY_CONFIG,
          64L << 20,
          // A lost broker is an error within half a minute, not a wait of minutes.
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
   * Opens an existing topic.
   *
   * @param clientConfig the brokers' addresses and other client settings; overrides the defaults
   * @throws KafkaException if a setting is invalid
   */
  public static KafkaVisitSink open(String topic, Map<String, Object> clientConfig) {
    Map<String, Object> config = new HashMap<>(SETTINGS);
    config.putAll(clientConfig);
    return new KafkaVisitSink(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()), topic);
  }

  @Override
  public void write(GeneratedVisit visit) throws IOException {
    write(visit.key(), visit.value());
  }

  /**
   * Accepts a record, which may be written later.
   *
   * @throws IOException if this record, or one before it, cannot be written
   */
  @SuppressWarnings("FutureReturnValueIgnored") // onAcknowledged receives the same result
  public void write(byte @Nullable [] key, byte[] value) throws IOException {
    requireNoFailure();
    try {
      producer.send(new ProducerRecord<>(topic, key, value), this::onAcknowledged);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() throws IOException {
    producer.flush();
    requireNoFailure();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  private void onAcknowledged(RecordMetadata metadata, Exception failure) {
    if (failure == null) {
      acknowledged.incrementAndGet();
    } else {
      firstFailure.compareAndSet(null, failure);
    }
  }

  private void requireNoFailure() throws IOException {
    Exception failure = firstFailure.get();
    if (failure != null) {
      throw failure(failure);
    }
  }

  private IOException failure(Exception cause) {
    long written = acknowledged.get();
    String reason = cause.getMessage();
    return new IOException(
        String.format(
            Locale.ROOT,
            "cannot write to topic '%s' (%,d %s written): %s",
            topic,
            written,
            written == 1 ? "record" : "records",
            // The producer's own message has the age of the batch, and not the missing broker.
            cause instanceof TimeoutException && reason != null && reason.startsWith("Expiring ")
                ? "the broker did not acknowledge the next records in time: is it running, and has"
                    + " its disk space left? ("
                    + reason
                    + ')'
                : reason),
        cause);
  }
}
