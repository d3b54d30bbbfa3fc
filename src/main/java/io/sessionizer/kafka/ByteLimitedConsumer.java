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

/**
 * A consumer of which a poll returns a bounded number of bytes. Kafka bounds what is fetched, which
 * is compressed, and the number of records: a megabyte on the topic may be half a gigabyte in
 * memory. It decompresses record by record while it is polled, so this one polls a few records at a
 * time, until it has enough.
 *
 * <p>A reader has about four times a poll's bytes in memory: those it hands over, those that wait
 * for it, and those being made a batch of. All readers of the JVM together are to have a small part
 * of its heap.
 */
public class ByteLimitedConsumer extends KafkaConsumer<byte[], byte[]> {
  /** How many records are polled at a time. They may be large: 1 MB each by default, at most. */
  private static final int PORTION = 32;

  private static final int PARTS_OF_THE_HEAP = 64;

  /** How many of this class read in this JVM: they share its heap. */
  private static final AtomicInteger READERS = new AtomicInteger();

  private final int maxRecords;
  private boolean reads;
  private KafkaException failure;

  /** Creates a consumer with these settings; it polls as many records as they say at most. */
  public ByteLimitedConsumer(Map<String, Object> config) {
    super(inPortions(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.maxRecords = maxPollRecords(config);
  }

  private static Map<String, Object> inPortions(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(PORTION, maxPollRecords(config)));
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
    if (!reads) {
      reads = true;
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
    ConsumerRecords<byte[], byte[]> portion = super.poll(timeout);
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

  /**
   * What goes wrong behind records that are polled already is thrown when those are handed over.
   */
  private ConsumerRecords<byte[], byte[]> next() {
    try {
      return super.poll(Duration.ZERO);
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      failure = e;
      return ConsumerRecords.empty();
    }
  }

  private static long maxBytes() {
    long ofAll = Runtime.getRuntime().maxMemory() / PARTS_OF_THE_HEAP;
    return Math.min(RecordBatch.MAX_BYTES, ofAll / Math.max(1, READERS.get()));
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
    if (reads) {
      reads = false;
      READERS.decrementAndGet();
    }
  }
}
