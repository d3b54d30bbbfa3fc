package io.sessionizer.verify;

import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.admin.LogEnds;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of topics, up to the end offsets that these had when this was created. */
public final class TopicSource implements RecordSource {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSource.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final String name;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final long recentFromMillis;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Integer> parts = new HashMap<>();
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final boolean isDrained;

  /**
   * Requests the topics' end offsets.
   *
   * @param consumer is closed with this
   * @param recentFromMillis from this Kafka timestamp on a record is recent, epoch milliseconds. It
   *     is recent as well if the consumer's group has not committed its offset. If a job of the
   *     group has drained all partitions up to their ends, the source is complete and no record is
   *     recent
   */
  public TopicSource(
      List<String> topics, KafkaConsumer<byte[], byte[]> consumer, long recentFromMillis) {
    this.name = String.join(", ", topics);
    this.consumer = consumer;
    this.recentFromMillis = recentFromMillis;
    this.partitions = TopicPartitions.of(consumer, topics);
    partitions.forEach(partition -> parts.put(partition, parts.size()));
    this.ends = new HashMap<>(consumer.endOffsets(partitions));
    this.beginnings = consumer.beginningOffsets(partitions);
    readCommitted();
    this.isDrained = partitions.stream().allMatch(this::isDrained);
  }

  private boolean isDrained(TopicPartition partition) {
    OffsetAndMetadata offset = committed.get(partition);
    return offset != null && CommittedOffset.isDrained(offset) && offset.offset() >= end(partition);
  }

  /** Not every client may read the group's offsets, and a job need not have committed any. */
  private void readCommitted() {
    try {
      consumer
          .committed(new HashSet<>(partitions))
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  committed.put(partition, offset);
                }
              });
    } catch (KafkaException e) {
      LOG.debug("the group's offsets", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return partitions.stream()
        .mapToLong(partition -> Math.max(0, end(partition) - beginning(partition)))
        .sum();
  }

  @Override
  public int parts() {
    return partitions.size();
  }

  @Override
  public boolean isComplete() {
    return isDrained;
  }

  @Override
  public boolean hasKeys(int part) {
    return true;
  }

  @Override
  public boolean replaces(int part) {
    return true;
  }

  @Override
  public Coverage coverage(SourcePosition position) {
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    if (!parts.containsKey(partition)) {
      return Coverage.ELSEWHERE;
    }
    if (position.offset() < beginning(partition)) {
      return Coverage.BEFORE;
    }
    return position.offset() < end(partition) ? Coverage.WITHIN : Coverage.BEHIND;
  }

  @Override
  public int part(SourcePosition position) {
    return Objects.requireNonNull(
        parts.get(new TopicPartition(position.topic(), position.partition())), "within the source");
  }

  @Override
  public boolean isTruncated(int part) {
    return beginning(partitions.get(part)) > 0;
  }

  @Override
  public SourcePosition position(int part, long offset) {
    TopicPartition partition = partitions.get(part);
    return new SourcePosition(partition.topic(), partition.partition(), offset);
  }

  @Override
  public String describe(SourcePosition position) {
    return position.toString();
  }

  private long beginning(TopicPartition partition) {
    return TopicPartitions.offset(beginnings, partition);
  }

  private long end(TopicPartition partition) {
    return TopicPartitions.offset(ends, partition);
  }

  @Override
  public void read(EachRecord each) throws IOException {
    for (TopicPartition partition : partitions) {
      Map<TopicPartition, Long> end = new HashMap<>(Map.of(partition, end(partition)));
      consumer.assign(List.of(partition));
      consumer.seek(partition, beginning(partition));
      while (consumer.position(partition) < TopicPartitions.offset(end, partition)) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (record.offset() < end(partition)) {
            each.accept(
                new SourceRecord(
                    RecordMapping.position(record),
                    record.timestamp(),
                    isRecent(record, partition),
                    RecordMapping.contents(record)));
          }
        }
        if (records.isEmpty()) {
          LogEnds.lower(consumer, end);
        }
      }
    }
  }

  private boolean isRecent(ConsumerRecord<byte[], byte[]> record, TopicPartition partition) {
    OffsetAndMetadata next = committed.get(partition);
    return !isDrained
        && (record.timestamp() >= recentFromMillis
            || (next != null && record.offset() >= next.offset()));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
