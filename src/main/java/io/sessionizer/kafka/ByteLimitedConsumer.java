package io.sessionizer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A consumer whose polls return a bounded number of bytes. Kafka bounds the number of records and
 * the bytes that are fetched, but these are compressed: a megabyte on the topic may be half a
 * gigabyte in memory. Kafka decompresses record by record while it is polled, so this consumer
 * polls a few records at a time, until it has enough.
 *
 * <p>A reader has about four times a poll's bytes in memory: those that it hands over, those that
 * are waiting, and those being packed into a batch. All readers of the JVM together get a small
 * part of its heap.
 */
public class ByteLimitedConsumer extends KafkaConsumer<byte[], byte[]> {
  /** How many records are polled at a time. They may be large: 1 MB each by default, at most. */
  private static final int PORTION = 32;

  private static final int HEAP_FRACTION = 64;

  /** How many consumers of this class read in this JVM: they share its heap. */
  private static final AtomicInteger READERS = new AtomicInteger();

  private final int maxRecords;
  private boolean isReading;
  private @Nullable KafkaException failure;

  /** Creates a consumer with settings; their {@code max.poll.records} bounds its polls as well. */
  public ByteLimitedConsumer(Map<String, Object> config) {
    this(config, new ByteArrayDeserializer(), new ByteArrayDeserializer(), PORTION);
  }

  /**
   * Creates a consumer that makes something else of keys and values.
   *
   * @param portion how many records are polled at a time
   */
  ByteLimitedConsumer(
      Map<String, Object> config,
      Deserializer<byte[]> keys,
      Deserializer<byte[]> values,
      int portion) {
    super(inPortions(config, portion), keys, values);
    this.maxRecords = maxPollRecords(config);
  }

  private static Map<String, Object> inPortions(Map<String, Object> config, int portion) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(portion, maxPollRecords(config)));
    return all;
  }

  private static int maxPollRecords(Map<String, Object> config) {
    Object value =
        config.getOrDefault(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
    return Integer.parseInt(value.toString());
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    super.assign(partitions);
    if (!isReading) {
      isReading = true;
      READERS.incrementAndGet();
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    if (failure != null) {
      KafkaException now = failure;
      failure = null;
      throw now;
    }
    ConsumerRecords<byte[], byte[]> portion = portion(timeout);
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
    long maxBytes = maxBytes();
    long bytes = 0;
    int records = 0;
    while (!portion.isEmpty()) {
      for (TopicPartition partition : portion.partitions()) {
        List<ConsumerRecord<byte[], byte[]>> some = portion.records(partition);
        polled.computeIfAbsent(partition, p -> new ArrayList<>()).addAll(some);
        bytes += some.stream().mapToLong(RecordBatch::size).sum();
      }
      records += portion.count();
      portion = records < maxRecords && bytes < maxBytes ? next() : ConsumerRecords.empty();
    }
    return new ConsumerRecords<>(polled);
  }

  /** Polls a portion of records. */
  ConsumerRecords<byte[], byte[]> portion(Duration timeout) {
    return super.poll(timeout);
  }

  /** Polls more records. A failure is thrown by the next call, after those polled before it. */
  private ConsumerRecords<byte[], byte[]> next() {
    try {
      return portion(Duration.ZERO);
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      failure = e;
      return ConsumerRecords.empty();
    }
  }

  private static long maxBytes() {
    long all = Runtime.getRuntime().maxMemory() / HEAP_FRACTION;
    return Math.min(RecordBatch.MAX_BYTES, all / Math.max(1, READERS.get()));
  }

  @Override
  public void close() {
    super.close();
    closed();
  }

  @Override
  public void close(Duration timeout) {
    super.close(timeout);
    closed();
  }

  private void closed() {
    if (isReading) {
      isReading = false;
      READERS.decrementAndGet();
    }
  }
}
