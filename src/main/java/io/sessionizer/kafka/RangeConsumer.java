package io.sessionizer.kafka;

import io.sessionizer.config.StartFrom;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that begins where the user said, and for which the topic ends where it ended when the
 * job began, if the job is to end there. KafkaIO asks it for positions and ends like any other.
 * What it polls from a partition it hands over in batches ({@link RecordBatch}). With offsets it
 * commits where the partitions stand ({@link GroupStandings}).
 */
final class RangeConsumer extends KafkaConsumer<byte[], byte[]> {
  private final StartFrom startFrom;
  private final Rewind rewind;
  private final Map<TopicPartition, Long> ends;
  private final Optional<GroupStandings> standings;

  /** What was committed last, with what was before it; first of all where reading began. */
  private final Map<TopicPartition, SettledOffset> read = new HashMap<>();

  /** The offset behind what was polled last. */
  private final Map<TopicPartition, Long> behind = new HashMap<>();

  /** Makes the consumers of a reader; {@code ends} is empty for a job without end. */
  record Factory(
      String topic,
      Brokers brokers,
      StartFrom startFrom,
      Rewind rewind,
      HashMap<TopicPartition, Long> ends)
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
      return new RangeConsumer(brokers.client(topic, config), startFrom, rewind, ends);
    }
  }

  private RangeConsumer(
      Map<String, Object> config,
      StartFrom startFrom,
      Rewind rewind,
      Map<TopicPartition, Long> ends) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.startFrom = startFrom;
    this.rewind = rewind;
    this.ends = ends;
    this.standings = VisitTimestamps.standings(config);
  }

  /** Assigns, and seeks to the first record to read; a checkpoint's position comes after it. */
  @Override
  public void assign(Collection<TopicPartition> partitions) {
    super.assign(partitions);
    switch (startFrom.position()) {
      case EARLIEST -> seekToBeginning(partitions);
      case LATEST -> endOffsets(partitions).forEach(this::seek);
      case TIME -> seekToTime(partitions, startFrom.time().toEpochMilli());
      case COMMITTED -> {
        // The consumer's own default, unless it is known better.
        rewind.begins(partitions).forEach(this::seek);
      }
    }
    ends.forEach((partition, end) -> notBehind(partitions, partition, end));
  }

  private void seekToTime(Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, millis));
    Map<TopicPartition, OffsetAndTimestamp> found = offsetsForTimes(times);
    Map<TopicPartition, Long> fallback = endOffsets(partitions);
    partitions.forEach(
        partition -> {
          OffsetAndTimestamp first = found.get(partition);
          seek(partition, first == null ? fallback.get(partition) : first.offset());
        });
  }

  private void notBehind(Collection<TopicPartition> assigned, TopicPartition partition, long end) {
    if (assigned.contains(partition) && position(partition) > end) {
      seek(partition, end);
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> polled = toRead(partition, records.records(partition));
      if (!polled.isEmpty()) {
        read.putIfAbsent(partition, SettledOffset.of(polled.get(0).offset()));
        behind.put(partition, polled.get(polled.size() - 1).offset() + 1);
        batches.put(partition, RecordBatch.of(polled));
      }
    }
    if (batches.isEmpty()) {
      standings.ifPresent(group -> group.listen(this, System.currentTimeMillis()));
    }
    return new ConsumerRecords<>(batches);
  }

  /**
   * Leaves out what was read before: a consumer that has lost its position begins again at the
   * first record, and KafkaIO passes over what it had already, but only by the batch. Leaves out
   * what is behind the partition's end, too, and reads no more of it then.
   */
  private List<ConsumerRecord<byte[], byte[]>> toRead(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
    long first = behind.getOrDefault(partition, 0L);
    long end = ends.isEmpty() ? Long.MAX_VALUE : ends.getOrDefault(partition, 0L);
    int from = 0;
    while (from < polled.size() && polled.get(from).offset() < first) {
      from++;
    }
    int to = polled.size();
    while (to > from && polled.get(to - 1).offset() >= end) {
      to--;
    }
    if (to < polled.size()) {
      pause(List.of(partition));
    }
    return polled.subList(from, to);
  }

  /** KafkaIO still calls this one. */
  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public ConsumerRecords<byte[], byte[]> poll(long timeoutMillis) {
    return poll(Duration.ofMillis(timeoutMillis));
  }

  /** KafkaIO calls this when a checkpoint is complete. */
  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> told =
        new HashMap<>(standings.map(group -> group.told(offsets)).orElse(offsets));
    told.replaceAll(
        (partition, offset) -> rewind.notBack(partition, settled(partition, offset)).in(offset));
    super.commitSync(told);
  }

  /** What is read by the checkpoint before the last one is settled. */
  private SettledOffset settled(TopicPartition partition, OffsetAndMetadata committed) {
    long offset = committed.offset();
    SettledOffset last = read.getOrDefault(partition, SettledOffset.of(offset));
    read.put(partition, new SettledOffset(offset, last.offset()));
    return new SettledOffset(offset, last.settled());
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> found = new HashMap<>(super.endOffsets(partitions));
    if (!ends.isEmpty()) {
      found.replaceAll((partition, end) -> Math.min(end, ends.getOrDefault(partition, 0L)));
    }
    return found;
  }
}
