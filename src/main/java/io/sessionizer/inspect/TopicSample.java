package io.sessionizer.inspect;

import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.admin.LogEnds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the newest records of topics, up to the ends that they have now. */
public final class TopicSample {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String name;
  private final int most;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;

  /**
   * Requests the topics' offsets.
   *
   * @param most how many records to read at most, about as many of each partition
   * @param consumer remains open
   */
  public TopicSample(List<String> topics, int most, KafkaConsumer<byte[], byte[]> consumer) {
    this.name = String.join(", ", topics);
    this.most = most;
    this.consumer = consumer;
    this.partitions = TopicPartitions.of(consumer, topics);
    this.beginnings = consumer.beginningOffsets(partitions);
    this.ends = new HashMap<>(consumer.endOffsets(partitions));
  }

  private long available(TopicPartition partition) {
    return Math.max(
        0, TopicPartitions.offset(ends, partition) - TopicPartitions.offset(beginnings, partition));
  }

  /**
   * Returns how many records of a partition are read: few partitions with many make up for others.
   */
  private long perPartition() {
    long least = 0;
    long enough = most;
    while (least < enough) {
      long middle = (least + enough + 1) / 2;
      long records = partitions.stream().mapToLong(p -> Math.min(middle, available(p))).sum();
      if (records <= most) {
        least = middle;
      } else {
        enough = middle - 1;
      }
    }
    return Math.max(1, least);
  }

  /** Returns about how many records will be read. */
  public long size() {
    long each = perPartition();
    return partitions.stream().mapToLong(partition -> Math.min(each, available(partition))).sum();
  }

  /**
   * Reads the records.
   *
   * @param progress receives how many are read
   */
  public RecordSample read(LongConsumer progress) {
    RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, name, most);
    sample.setAvailable(partitions.stream().mapToLong(this::available).sum());
    long each = perPartition();
    long read = 0;
    for (TopicPartition partition : partitions) {
      long first = TopicPartitions.offset(ends, partition) - Math.min(each, available(partition));
      if (first > TopicPartitions.offset(beginnings, partition)) {
        sample.setPart();
      }
      read = read(partition, first, sample, read, progress);
    }
    return sample;
  }

  private long read(
      TopicPartition partition,
      long first,
      RecordSample sample,
      long before,
      LongConsumer progress) {
    long read = before;
    long last = TopicPartitions.offset(ends, partition);
    int part = partitions.indexOf(partition);
    Map<TopicPartition, Long> end = new HashMap<>(Map.of(partition, last));
    consumer.assign(List.of(partition));
    consumer.seek(partition, first);
    while (consumer.position(partition) < TopicPartitions.offset(end, partition)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() < last) {
          sample.addNewest(sampled(record, part));
          progress.accept(++read);
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(consumer, end);
      }
    }
    return read;
  }

  private static SampledRecord sampled(ConsumerRecord<byte[], byte[]> record, int part) {
    return new SampledRecord(
        record.key(),
        record.value() == null ? new byte[0] : record.value(),
        record.timestamp(),
        part);
  }
}
