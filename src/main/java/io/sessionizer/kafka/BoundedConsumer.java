package io.sessionizer.kafka;

import static io.sessionizer.kafka.TopicOffset.SUBMITTED;

import io.sessionizer.config.StartFrom;
import io.sessionizer.process.OutOfMemory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer that begins where the user said, and for which the topic ends where it ended when the
 * job began, if the job is to end there. KafkaIO asks it for positions and ends like any other.
 * What it polls from a partition it hands over in batches ({@link RecordBatch}). With offsets it
 * commits where the partitions stand ({@link PeerProgress}).
 *
 * <p>Kafka's own consumer skips or reads again in silence when records were deleted before they
 * were read, a log was truncated, or a topic was deleted and created anew. Here that is logged,
 * counted ({@link ReadPositions}), and reading resumes at the first record there is. A new topic is
 * recognized by its id, which is looked up after each poll that returned records, before they are
 * handed over. The offsets that KafkaIO sees name the topic that they belong to ({@link
 * TopicOffset}).
 */
final class BoundedConsumer extends ByteLimitedConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedConsumer.class);

  /** How often the topic is looked up while nothing is polled. */
  private static final long BETWEEN_LOOKUPS = Duration.ofSeconds(2).toNanos();

  /** How long a poll may take before it is known where reading begins. */
  private static final Duration FIRST_POLL = Duration.ofMillis(50);

  /** How long it may take until that is known. */
  private static final Duration FIRST_POSITIONS = Duration.ofSeconds(1);

  private final StartFrom startFrom;
  private final Rewind rewind;
  private final Map<TopicPartition, Long> ends;
  private final Optional<PeerProgress> standings;
  private final Optional<ReadPositions> positions;
  private final TopicLookup lookup;
  private final boolean readsCommitted;

  /** Where to begin in a partition of which nothing is committed, as the user wants it. */
  private final String withoutOffset;

  /** How many partitions the topic had when the job was submitted; 0 if that is not known. */
  private final int submittedPartitions;

  /** The id of the topic that the job was submitted for; null if it is not known. */
  private @Nullable String submittedId;

  /** The topic that each partition is of ({@link TopicOffset#topic}). */
  private final Map<TopicPartition, Integer> topics = new HashMap<>();

  /** The offset behind what was polled last, as KafkaIO counts. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Those that were moved to another offset, of which KafkaIO does not know yet. */
  private final Set<TopicPartition> moved = new HashSet<>();

  private boolean isPositioned;
  private boolean hasLooked;
  private long lookedUpAt = System.nanoTime() - BETWEEN_LOOKUPS;

  /** What was committed last, with what was before it; first of all where reading began. */
  private final Map<TopicPartition, CommittedOffset> read = new HashMap<>();

  /** The offset behind what was polled last. */
  private final Map<TopicPartition, Long> behind = new HashMap<>();

  /**
   * Makes the consumers of a reader.
   *
   * @param ends the offset behind the last record to read, by partition; empty for a job without
   *     end
   * @param topicId the topic's id when the job was submitted; null if it is not known. In a job
   *     that is restored that is the first submission, as the offsets in its checkpoints are meant
   * @param partitions how many partitions the topic had then; 0 if that is not known
   */
  record Factory(
      String topic,
      Brokers brokers,
      StartFrom startFrom,
      Rewind rewind,
      HashMap<TopicPartition, Long> ends,
      @Nullable String topicId,
      int partitions)
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
      return new BoundedConsumer(this, brokers.client(topic, config));
    }
  }

  private BoundedConsumer(Factory factory, Map<String, Object> config) {
    super(withoutReset(config));
    this.startFrom = factory.startFrom();
    this.rewind = factory.rewind();
    this.ends = factory.ends();
    this.submittedId = factory.topicId();
    this.submittedPartitions = factory.partitions();
    this.standings = VisitTimestamps.standings(config);
    this.positions = VisitTimestamps.positions(config);
    this.lookup = new TopicLookup(factory.topic(), config);
    this.readsCommitted =
        "read_committed".equals(config.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    this.withoutOffset =
        String.valueOf(config.getOrDefault(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
  }

  /** A position out of range is an exception, and nobody but the user creates the topic. */
  private static Map<String, Object> withoutReset(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return all;
  }

  /** Assigns, and seeks to the first record to read; a checkpoint's position comes after it. */
  @Override
  public void assign(Collection<TopicPartition> partitions) {
    super.assign(partitions);
    switch (startFrom.position()) {
      case EARLIEST -> seekToBeginning(partitions);
      case LATEST -> logEnds(partitions).forEach(super::seek);
      case TIME -> seekToTime(partitions, startFrom.time().toEpochMilli());
      case COMMITTED -> {
        // The consumer's own default, unless it is known better.
        rewind.begins(partitions).forEach(super::seek);
      }
    }
    ends.forEach((partition, end) -> notBehind(partitions, partition, end));
    standings.ifPresent(group -> group.recall(this));
  }

  private void seekToTime(Collection<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, millis));
    Map<TopicPartition, OffsetAndTimestamp> found = offsetsForTimes(times);
    Map<TopicPartition, Long> fallback = logEnds(partitions);
    partitions.forEach(
        partition -> {
          OffsetAndTimestamp first = found.get(partition);
          super.seek(partition, first == null ? fallback.get(partition) : first.offset());
        });
  }

  private void notBehind(Collection<TopicPartition> assigned, TopicPartition partition, long end) {
    if (assigned.contains(partition) && logPosition(partition) > end) {
      super.seek(partition, end);
    }
  }

  /** KafkaIO calls this with what is in a checkpoint. */
  @Override
  public void seek(TopicPartition partition, long number) {
    TopicOffset offset = TopicOffset.of(number);
    topics.put(partition, offset.topic());
    next.put(partition, number);
    super.seek(partition, offset.offset());
  }

  /** KafkaIO calls this where there is no checkpoint. */
  @Override
  public long position(TopicPartition partition) {
    long position = logPosition(partition);
    if (!topics.containsKey(partition)) {
      topics.put(partition, lookup.find().map(found -> topic(found.id())).orElse(SUBMITTED));
    }
    long number = new TopicOffset(topics.get(partition), position).number();
    next.put(partition, number);
    return number;
  }

  private long logPosition(TopicPartition partition) {
    try {
      return super.position(partition);
    } catch (NoOffsetForPartitionException e) {
      seekWithoutOffset(e);
      return super.position(partition);
    }
  }

  /** What Kafka's consumer does by itself, if it may. */
  private void seekWithoutOffset(NoOffsetForPartitionException e) {
    switch (withoutOffset) {
      case "latest" -> seekToEnd(e.partitions());
      case "none" -> throw e;
      default -> seekToBeginning(e.partitions());
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = pollInRange(timeout);
    Set<TopicPartition> restarted = Set.of();
    if (!records.isEmpty() || System.nanoTime() - lookedUpAt >= BETWEEN_LOOKUPS) {
      restarted = restartIfCreatedAnew();
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      if (restarted.contains(partition)) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> polled = toRead(partition, records.records(partition));
      if (!polled.isEmpty()) {
        read.putIfAbsent(partition, CommittedOffset.of(polled.get(0).offset()));
        behind.put(partition, polled.get(polled.size() - 1).offset() + 1);
        batches.put(partition, numbered(partition, RecordBatch.of(polled)));
      }
    }
    publishPositions(batches);
    if (batches.isEmpty()) {
      standings.ifPresent(group -> group.listen(this, System.currentTimeMillis()));
    }
    return new ConsumerRecords<>(batches);
  }

  /** Polls; what is out of range is resumed at the next call. */
  private ConsumerRecords<byte[], byte[]> pollInRange(Duration timeout) {
    try {
      return super.poll(isPositioned ? timeout : FIRST_POLL);
    } catch (NoOffsetForPartitionException e) {
      seekWithoutOffset(e);
    } catch (OffsetOutOfRangeException e) {
      continueInRange(e);
    }
    return ConsumerRecords.empty();
  }

  /**
   * Seeks to the first record there is, or in a log that was truncated to the first one that is not
   * the one that was read. Should the brokers not respond, the position stays out of range, and the
   * next poll finds it again.
   */
  private void continueInRange(OffsetOutOfRangeException e) {
    Map<TopicPartition, Long> lost = new HashMap<>(e.offsetOutOfRangePartitions());
    lost.keySet().removeAll(restartIfCreatedAnew());
    Map<TopicPartition, OffsetAndMetadata> divergent =
        e instanceof LogTruncationException truncated ? truncated.divergentOffsets() : Map.of();
    try {
      Map<TopicPartition, Long> firsts = beginningOffsets(lost.keySet());
      Map<TopicPartition, Long> last = super.endOffsets(lost.keySet());
      lost.forEach(
          (partition, position) -> {
            long first = firsts.get(partition);
            if (position < first) {
              recordsDeleted(partition, position, first);
            } else if (divergent.containsKey(partition)) {
              truncated(partition, position, Math.max(first, divergent.get(partition).offset()));
            } else if (e instanceof LogTruncationException) {
              truncated(partition, position, first); // Nothing that was read is there.
            } else if (position > last.get(partition)) {
              truncated(partition, position, submittedId == null ? first : last.get(partition));
            }
          });
    } catch (RetriableException again) {
      LOG.debug("where {} begin is not known yet", lost.keySet(), again);
    }
  }

  private void recordsDeleted(TopicPartition partition, long from, long to) {
    super.seek(partition, to);
    lost(
        partition,
        new ReadPositions.Losses(to - from, 0),
        to - from == 1
            ? "record %s was deleted before it was read".formatted(from)
            : "records %s to %s were deleted before they were read".formatted(from, to - 1));
  }

  private void truncated(TopicPartition partition, long from, long to) {
    super.seek(partition, to);
    behind.put(partition, to);
    lost(
        partition,
        new ReadPositions.Losses(0, 1),
        "the log was truncated, and what was read up to offset %s is gone from offset %s on"
                .formatted(from, to)
            + ": reading continues there");
  }

  /**
   * Seeks to the beginning of those partitions that are of another topic than before, and returns
   * them. Warns of partitions that nobody reads.
   */
  private Set<TopicPartition> restartIfCreatedAnew() {
    lookedUpAt = System.nanoTime();
    Optional<TopicLookup.TopicIdentity> found = lookup.find();
    if (found.isEmpty()) {
      return Set.of();
    }
    Uuid id = found.get().id();
    if (submittedId == null) {
      submittedId = id.toString();
    }
    int partitions = found.get().partitions();
    positions.ifPresent(all -> all.exist(partitions));
    Set<TopicPartition> restarted = new HashSet<>();
    for (TopicPartition partition : assignment()) {
      int before = topics.computeIfAbsent(partition, p -> topic(id));
      if (!TopicOffset.isOf(before, id, submittedId)) {
        restart(partition, topic(id));
        restarted.add(partition);
      }
    }
    checkPartitions(partitions);
    return restarted;
  }

  private boolean isMissing(TopicPartition partition) {
    return positions.map(all -> all.isMissing(partition)).orElse(false);
  }

  private int topic(Uuid id) {
    return TopicOffset.topic(id, submittedId);
  }

  private void restart(TopicPartition partition, int topic) {
    topics.put(partition, topic);
    read.remove(partition);
    behind.remove(partition);
    resume(List.of(partition));
    seekToBeginning(List.of(partition));
    lost(
        partition,
        new ReadPositions.Losses(0, 1),
        (isMissing(partition)
                ? "the topic was deleted and created anew without this partition;"
                : "the topic was deleted and created anew: reading continues at the beginning of the"
                    + " new one;")
            + " of the old one everything before offset %s was read"
                .formatted(TopicOffset.of(next.getOrDefault(partition, 0L)).offset()));
  }

  /** A reader that is opened again, and has read nothing since, finds the same loss again. */
  private void lost(TopicPartition partition, ReadPositions.Losses losses, String message) {
    ReadPositions.Loss loss =
        new ReadPositions.Loss(topics.getOrDefault(partition, SUBMITTED), message);
    moved.add(partition);
    if (positions.map(all -> all.lost(partition, losses, loss)).orElse(true)) {
      LOG.warn("{}: {}", partition, message);
    }
  }

  /** Only the reader of the first partition warns. */
  private void checkPartitions(int now) {
    boolean isFirst = assignment().stream().anyMatch(partition -> partition.partition() == 0);
    if (!isFirst || submittedPartitions == 0 || now <= submittedPartitions) {
      return;
    }
    if (positions.map(all -> all.isNews(now)).orElse(true)) {
      LOG.warn(
          "the topic {} has {} partitions, and the job reads the {} that it had when it was"
              + " submitted: stop the job, and start it without saved state and with"
              + " --startFrom=committed --rewind=PT26H, to have it read all of them",
          assignment().iterator().next().topic(),
          now,
          submittedPartitions);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> numbered(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> batches) {
    int topic = topics.getOrDefault(partition, SUBMITTED);
    List<ConsumerRecord<byte[], byte[]>> numbered =
        batches.stream().map(batch -> numbered(batch, topic)).toList();
    next.put(partition, numbered.get(numbered.size() - 1).offset() + 1);
    return numbered;
  }

  private static ConsumerRecord<byte[], byte[]> numbered(
      ConsumerRecord<byte[], byte[]> batch, int topic) {
    return topic == SUBMITTED
        ? batch
        : new ConsumerRecord<>(
            batch.topic(),
            batch.partition(),
            new TopicOffset(topic, batch.offset()).number(),
            batch.timestamp(),
            batch.timestampType(),
            batch.serializedKeySize(),
            batch.serializedValueSize(),
            batch.key(),
            batch.value(),
            batch.headers(),
            batch.leaderEpoch());
  }

  /**
   * Publishes how far the partitions were polled. Where reading was moved and nothing was polled
   * since, KafkaIO gets an empty batch, so that the next checkpoint has the new offset.
   */
  private void publishPositions(Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches) {
    boolean arePositioned = true;
    for (TopicPartition partition : assignment()) {
      OptionalLong position = positionNow(partition);
      arePositioned &= position.isPresent();
      if (moved.contains(partition) && position.isPresent()) {
        moved.remove(partition);
        batches.computeIfAbsent(
            partition, p -> numbered(p, List.of(RecordBatch.empty(p, position.getAsLong() - 1))));
      }
      positions.ifPresent(
          all ->
              all.polled(
                  partition,
                  new ReadPositions.Polled(
                      position,
                      next.getOrDefault(partition, 0L),
                      readsCommitted
                          && position.isPresent()
                          && currentLag(partition).equals(OptionalLong.of(0)))));
    }
    isPositioned |= arePositioned;
  }

  /** The position, unless it is still to be found out. */
  private OptionalLong positionNow(TopicPartition partition) {
    try {
      return OptionalLong.of(super.position(partition, Duration.ZERO));
    } catch (OffsetOutOfRangeException e) {
      continueInRange(e);
    } catch (TimeoutException e) {
      LOG.debug("the position in {} is not known yet", partition, e);
    }
    return OptionalLong.empty();
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
    try {
      return poll(Duration.ofMillis(timeoutMillis));
    } catch (Error e) {
      throw failed(e);
    }
  }

  /** KafkaIO's threads pass exceptions on to the runner, and end at an error without a word. */
  private static KafkaException failed(Error e) {
    OutOfMemory.endIfCauseOf(e);
    return new KafkaException("the visits topic cannot be read any more: " + e, e);
  }

  /** KafkaIO calls this when a checkpoint is complete. */
  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> numbers) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    numbers.forEach(
        (partition, number) -> {
          TopicOffset offset = TopicOffset.of(number.offset());
          // What was read of a topic that is no more is of no use to anybody.
          if (offset.topic() == topics.getOrDefault(partition, offset.topic())
              && !isMissing(partition)) {
            offsets.put(
                partition,
                new OffsetAndMetadata(offset.offset(), number.leaderEpoch(), number.metadata()));
          }
        });
    if (offsets.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> told =
        new HashMap<>(standings.map(group -> group.told(offsets)).orElse(offsets));
    told.replaceAll(
        (partition, offset) -> notBack(partition, settled(partition, offset)).in(offset));
    try {
      super.commitSync(told);
    } catch (Error e) {
      throw failed(e);
    }
  }

  private CommittedOffset notBack(TopicPartition partition, CommittedOffset offset) {
    return topics.getOrDefault(partition, SUBMITTED) == SUBMITTED
        ? rewind.notBack(partition, offset)
        : offset;
  }

  /** What is read by the checkpoint before the last one is settled. */
  private CommittedOffset settled(TopicPartition partition, OffsetAndMetadata committed) {
    long offset = committed.offset();
    CommittedOffset last = read.getOrDefault(partition, CommittedOffset.of(offset));
    read.put(partition, new CommittedOffset(offset, last.offset()));
    return new CommittedOffset(offset, last.settled());
  }

  /** KafkaIO calls this in another consumer than the one that polls. */
  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    try {
      return endsToReport(partitions);
    } catch (Error e) {
      throw failed(e);
    }
  }

  private Map<TopicPartition, Long> endsToReport(Collection<TopicPartition> partitions) {
    if (positions.isEmpty()) {
      return logEnds(partitions);
    }
    ReadPositions all = positions.get();
    if (hasLooked) {
      all.awaitPolled(partitions, FIRST_POSITIONS);
    }
    hasLooked = true; // The first time, nobody is to wait: reading only begins then.
    List<TopicPartition> missing = partitions.stream().filter(all::isMissing).toList();
    List<TopicPartition> existing = partitions.stream().filter(p -> !all.isMissing(p)).toList();
    Map<TopicPartition, Long> reported =
        all.endsToReport(super.endOffsets(existing), ends, System.currentTimeMillis());
    missing.forEach(partition -> reported.put(partition, all.next(partition)));
    return reported;
  }

  private Map<TopicPartition, Long> logEnds(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> found = new HashMap<>(super.endOffsets(partitions));
    if (!ends.isEmpty()) {
      found.replaceAll((partition, end) -> Math.min(end, ends.getOrDefault(partition, 0L)));
    }
    return found;
  }

  @Override
  public void close() {
    lookup.close();
    super.close();
  }

  @Override
  public void close(Duration timeout) {
    lookup.close();
    super.close(timeout);
  }
}
