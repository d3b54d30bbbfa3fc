package io.sessionizer.kafka;

import io.sessionizer.process.OutOfMemory;
import io.sessionizer.records.Provenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer with which KafkaIO reads the visits: from the offsets at which the job starts
 * ({@link StartingOffsets}) to those at which it stops ({@link StoppingOffsets}). KafkaIO takes it
 * for Kafka's own, and calls it as follows.
 *
 * <p>{@link #assign}, then {@link #position}, or {@link #seek} with the offset in a checkpoint:
 * offsets are numbers that contain the topic they belong to ({@link CheckpointOffsets}).
 *
 * <p>{@link #poll}, again and again:
 *
 * <ol>
 *   <li>polls a bounded number of bytes ({@link ByteLimitedConsumer});
 *   <li>resumes partitions whose next record is gone, and restarts those of a topic that was
 *       created anew ({@link PositionRecovery}, {@link TopicLookup});
 *   <li>drops records that were read before or are behind the stopping offset ({@link ReadRange});
 *   <li>returns the rest of each partition as one record, or a few ({@link RecordBatch});
 *   <li>publishes how far the partitions were polled ({@link ReadPositions}), for backlog and
 *       watermark, and if nothing was polled, reads how far other JVMs are ({@link PeerProgress}).
 * </ol>
 *
 * <p>{@link #commitSync} when a checkpoint is complete: offsets are committed with the progress of
 * their partitions ({@link PeerProgress}), the offset that is flushed ({@link CommitHistory}) and
 * what the job's sessions depend on ({@link JobFingerprint}).
 *
 * <p>{@link #endOffsets} every second, of another instance than the one that polls, which is how it
 * computes the backlog. That instance reports that the job runs ({@link InstanceReports}), since it
 * is called whatever the pipeline is busy with; for that it is of a group of its own.
 */
final class BoundedConsumer extends ByteLimitedConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedConsumer.class);

  /** How often the topic is looked up while nothing is polled. */
  private static final long BETWEEN_LOOKUPS = Duration.ofSeconds(2).toNanos();

  /** The group of the instance whose {@link #endOffsets} KafkaIO calls. */
  private static final Pattern GROUP_OF_ENDS = Pattern.compile(".*_offset_consumer_\\d+_(.*)");

  /** How many records are polled at a time: packed, they are small. */
  private static final int PORTION = 512;

  /** How long a poll may take before the positions are known. */
  private static final Duration FIRST_POLL = Duration.ofMillis(50);

  /** How long it may take until they are known. */
  private static final Duration FIRST_POSITIONS = Duration.ofSeconds(1);

  private final Factory job;
  private final PackingDeserializer values;
  private final TopicLookup lookup;
  private final Optional<JvmProgress> progress;
  private final Optional<PeerProgress> peers;
  private final PartitionLogs logs = new Logs();
  private final CheckpointOffsets checkpoints;
  private final ReadRange range;
  private final CommitHistory commits = new CommitHistory();
  private final PositionRecovery recovery;
  private final Optional<InstanceReports> reports;
  private final OtherInstances otherInstances;
  private final boolean readsCommitted;

  private boolean isPositioned;
  private boolean hasReportedEnds;
  private long lookedUpAt = System.nanoTime() - BETWEEN_LOOKUPS;

  /**
   * Creates the consumers of a reader.
   *
   * @param topic the name of the first topic, as it was submitted
   * @param jobId the job whose progress is published
   * @param topicId its id
   * @param partitions how many partitions it had
   * @param checksInstances whether a reader without a checkpoint makes sure that no other job of
   *     its group runs
   * @param brokers those of the start that made the source, as is the parser: a restored source has
   *     the ones of the last start ({@link JobStart})
   * @param parser how records are parsed; null if the job is restored from before it was known here
   * @param otherTopics the other topics; null if there are none
   */
  record Factory(
      String topic,
      UUID jobId,
      Brokers brokers,
      StartingOffsets start,
      @Nullable String topicId,
      int partitions,
      boolean checksInstances,
      @Nullable ParserSettings parser,
      @Nullable List<SubmittedTopic> otherTopics)
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    /** Creates the consumers of a reader of topics. */
    static Factory of(
        List<SubmittedTopic> topics,
        UUID jobId,
        Brokers brokers,
        StartingOffsets start,
        boolean checksInstances,
        ParserSettings parser) {
      SubmittedTopic first = topics.get(0);
      return new Factory(
          first.name(),
          jobId,
          brokers,
          start,
          first.id(),
          first.partitions(),
          checksInstances,
          parser,
          topics.size() == 1 ? null : List.copyOf(topics.subList(1, topics.size())));
    }

    /** Returns all topics, as they were submitted. */
    List<SubmittedTopic> topics() {
      List<SubmittedTopic> topics = new ArrayList<>();
      topics.add(new SubmittedTopic(topic, topicId, partitions));
      if (otherTopics != null) {
        topics.addAll(otherTopics);
      }
      return topics;
    }

    /** Returns the names of all topics. */
    List<String> names() {
      return topics().stream().map(SubmittedTopic::name).toList();
    }

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
      Factory last = ofLastStart();
      ParserSettings known = last.parser == null ? ParserSettings.DEFAULT : last.parser;
      OriginalRecords originals =
          known.horizon() == null
              ? null
              : new OriginalRecords(known.horizon(), jobId, start.rewind());
      return new BoundedConsumer(
          last, last.brokers.client(config), new PackingDeserializer(known.parser(), originals));
    }

    private Factory ofLastStart() {
      return names().stream()
          .flatMap(name -> JobStart.newerThan(brokers.asOf(), name).stream())
          .findFirst()
          .map(this::with)
          .orElse(this);
    }

    private Factory with(JobStart last) {
      last.requireTopics(names());
      return of(topics(), jobId, last.brokers(), start, checksInstances, last.parser());
    }
  }

  private BoundedConsumer(Factory job, Map<String, Object> config, PackingDeserializer values) {
    super(withoutReset(config), values.keys(), values, PORTION);
    this.job = job;
    this.values = values;
    this.lookup = new TopicLookup(config);
    this.progress = JvmProgress.of(job.jobId());
    this.peers = progress.map(all -> new PeerProgress(job.jobId(), job.names(), all.watermarks()));
    this.checkpoints = new CheckpointOffsets(job.topics());
    this.range = new ReadRange(job.start().stop());
    this.recovery =
        new PositionRecovery(logs, checkpoints, range, commits, progress.map(JvmProgress::changes));
    this.reports =
        groupOfEnds(config).matches()
            ? Optional.of(
                progress.map(JvmProgress::reports).orElse(new InstanceReports(job.jobId())))
            : Optional.empty();
    this.otherInstances = new OtherInstances(config, job.jobId());
    this.readsCommitted =
        "read_committed".equals(config.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
  }

  /** A position out of range is an exception, and only the user creates the topic. */
  private static Map<String, Object> withoutReset(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    Matcher groupOfEnds = groupOfEnds(config);
    if (groupOfEnds.matches()) {
      all.put(ConsumerConfig.GROUP_ID_CONFIG, InstanceReport.group(groupOfEnds.group(1)));
    }
    all.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return all;
  }

  private static Matcher groupOfEnds(Map<String, Object> config) {
    return GROUP_OF_ENDS.matcher(
        String.valueOf(config.getOrDefault(ConsumerConfig.GROUP_ID_CONFIG, "")));
  }

  /** Kafka's own offsets, which the methods that KafkaIO calls translate. */
  private final class Logs implements PartitionLogs {
    @Override
    public Set<TopicPartition> assignment() {
      return BoundedConsumer.this.assignment();
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
      BoundedConsumer.super.seek(partition, offset);
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
      BoundedConsumer.this.seekToBeginning(partitions);
    }

    @Override
    public long position(TopicPartition partition) {
      try {
        return BoundedConsumer.super.position(partition);
      } catch (NoOffsetForPartitionException e) {
        seekToBeginning(e.partitions());
        return BoundedConsumer.super.position(partition);
      }
    }

    @Override
    public Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
      return beginningOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
      return BoundedConsumer.super.endOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> offsetsAt(Collection<TopicPartition> partitions, long millis) {
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, millis));
      Map<TopicPartition, Long> offsets = new HashMap<>();
      for (Map.Entry<TopicPartition, OffsetAndTimestamp> first :
          offsetsForTimes(times).entrySet()) {
        if (first.getValue() != null) {
          offsets.put(first.getKey(), first.getValue().offset());
        }
      }
      return offsets;
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
      BoundedConsumer.this.resume(partitions);
    }
  }

  /** KafkaIO calls this first. */
  @Override
  public void assign(Collection<TopicPartition> partitions) {
    super.assign(partitions);
    job.start().seek(logs, partitions);
    peers.ifPresent(all -> all.restore(this));
  }

  /** KafkaIO calls this with the offset in a checkpoint. */
  @Override
  public void seek(TopicPartition partition, long number) {
    logs.seek(partition, checkpoints.restored(partition, number));
  }

  /** KafkaIO calls this where there is no checkpoint. */
  @Override
  public long position(TopicPartition partition) {
    if (job.checksInstances()) {
      otherInstances.requireNone(partition);
    }
    long offset = logs.position(partition);
    if (!checkpoints.hasTopic(partition)) {
      checkpoints.start(
          partition,
          lookup.find(List.of(partition.topic())).stream()
              .map(TopicLookup.TopicIdentity::id)
              .findFirst());
    }
    return checkpoints.next(partition, offset);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    OriginalRecords originals = values.originals();
    if (originals == null) {
      return pollBatches(timeout);
    }
    ConsumerRecords<byte[], byte[]> batches = ConsumerRecords.empty();
    originals.startPoll(assignment());
    try {
      batches = pollBatches(timeout);
      return batches;
    } finally {
      originals.endPoll(batches);
    }
  }

  private ConsumerRecords<byte[], byte[]> pollBatches(Duration timeout) {
    ConsumerRecords<byte[], byte[]> polled = pollInRange(timeout);
    Set<TopicPartition> restarted = Set.of();
    if (!polled.isEmpty() || System.nanoTime() - lookedUpAt >= BETWEEN_LOOKUPS) {
      restarted = restartRecreated();
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      if (!restarted.contains(partition)) {
        batch(partition, polled.records(partition))
            .ifPresent(batch -> batches.put(partition, batch));
      }
    }
    publishPositions(batches);
    if (batches.isEmpty()) {
      peers.ifPresent(all -> all.refresh(this, System.currentTimeMillis()));
    }
    return new ConsumerRecords<>(batches);
  }

  @Override
  ConsumerRecords<byte[], byte[]> portion(Duration timeout) {
    values.startPortion();
    ConsumerRecords<byte[], byte[]> polled = super.portion(timeout);
    return values.isFull() ? upToUnread(polled) : polled;
  }

  /** Returns the records before those that were left unread, which the next poll returns. */
  private ConsumerRecords<byte[], byte[]> upToUnread(ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      int end = 0;
      while (end < records.size() && !PackingDeserializer.isUnread(records.get(end))) {
        end++;
      }
      if (end < records.size()) {
        ConsumerRecord<byte[], byte[]> unread = records.get(end);
        // With its epoch, so that a log that is truncated before the next poll is noticed.
        super.seek(partition, new OffsetAndMetadata(unread.offset(), unread.leaderEpoch(), ""));
      }
      if (end > 0) {
        read.put(partition, records.subList(0, end));
      }
    }
    return new ConsumerRecords<>(read);
  }

  /** Polls; partitions that are out of range are resumed, and polled by the next call. */
  private ConsumerRecords<byte[], byte[]> pollInRange(Duration timeout) {
    try {
      return super.poll(isPositioned ? timeout : FIRST_POLL);
    } catch (NoOffsetForPartitionException e) {
      seekToBeginning(e.partitions());
    } catch (OffsetOutOfRangeException e) {
      recovery.resume(e, restartRecreated());
    }
    return ConsumerRecords.empty();
  }

  /** Looks up the topics, and restarts and returns partitions that belong to another one. */
  private Set<TopicPartition> restartRecreated() {
    lookedUpAt = System.nanoTime();
    Set<String> topics = new HashSet<>();
    assignment().forEach(partition -> topics.add(partition.topic()));
    Set<TopicPartition> restarted = new HashSet<>();
    for (TopicLookup.TopicIdentity topic : lookup.find(topics)) {
      restarted.addAll(recovery.restartRecreated(topic));
      job.topics().stream()
          .filter(submitted -> submitted.name().equals(topic.name()))
          .forEach(submitted -> warnOfAddedPartitions(submitted, topic.partitions()));
    }
    return restarted;
  }

  /** Only the reader of the first partition of a topic warns. */
  private void warnOfAddedPartitions(SubmittedTopic submitted, int now) {
    boolean isFirst = assignment().contains(new TopicPartition(submitted.name(), 0));
    if (!isFirst || submitted.partitions() == 0 || now <= submitted.partitions()) {
      return;
    }
    if (progress.map(all -> all.changes().reportPartitions(submitted.name(), now)).orElse(true)) {
      LOG.warn(
          "the topic {} has {} partitions, and the job reads the {} that it had when it was"
              + " submitted: stop the job, and start it without saved state, to have it"
              + " read all of them",
          submitted.name(),
          now,
          submitted.partitions());
    }
  }

  /** Returns the records of a partition that are still to be read, if there are any. */
  private Optional<List<ConsumerRecord<byte[], byte[]>>> batch(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
    List<ConsumerRecord<byte[], byte[]>> unread = range.unread(partition, polled);
    if (range.isExceeded(partition, polled)) {
      pause(List.of(partition));
    }
    if (unread.isEmpty()) {
      return Optional.empty();
    }
    commits.read(partition, unread.get(0).offset());
    return Optional.of(
        checkpoints.polled(partition, RecordBatch.of(unread, values, resumedAt(partition))));
  }

  private long resumedAt(TopicPartition partition) {
    return JvmProgress.of(job.jobId())
        .map(all -> all.watermarks().resumedAt(partition))
        .orElse(Provenance.NOT_RESUMED);
  }

  /**
   * Publishes how far the partitions were polled. Where a partition was moved and nothing was
   * polled since, KafkaIO gets an empty batch, so that the next checkpoint has the new offset.
   */
  private void publishPositions(Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches) {
    boolean arePositioned = true;
    for (TopicPartition partition : assignment()) {
      OptionalLong position = currentPosition(partition);
      arePositioned &= position.isPresent();
      if (position.isPresent() && recovery.wasMoved(partition)) {
        batches.computeIfAbsent(
            partition,
            p -> checkpoints.polled(p, List.of(RecordBatch.empty(p, position.getAsLong() - 1))));
      }
      boolean atStableEnd =
          readsCommitted
              && position.isPresent()
              && currentLag(partition).equals(OptionalLong.of(0));
      var polled = new ReadPositions.Polled(position, checkpoints.next(partition), atStableEnd);
      progress.ifPresent(all -> all.positions().polled(partition, polled));
    }
    isPositioned |= arePositioned;
  }

  /** Returns the position, unless it is not known yet. */
  private OptionalLong currentPosition(TopicPartition partition) {
    try {
      return OptionalLong.of(super.position(partition, Duration.ZERO));
    } catch (OffsetOutOfRangeException e) {
      recovery.resume(e, restartRecreated());
    } catch (TimeoutException e) {
      LOG.debug("the position in {} is not known yet", partition, e);
    }
    return OptionalLong.empty();
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

  /** KafkaIO's threads pass exceptions on to the runner, and die of an error without a message. */
  private static KafkaException failed(Error e) {
    OutOfMemory.endIfCauseOf(e);
    return new KafkaException("the visits cannot be read any more: " + e, e);
  }

  /** KafkaIO calls this when a checkpoint is complete. */
  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> numbers) {
    Map<TopicPartition, OffsetAndMetadata> offsets = checkpoints.toCommit(numbers);
    offsets.keySet().removeIf(this::isMissing);
    if (offsets.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        new HashMap<>(peers.map(all -> all.withProgress(offsets)).orElse(offsets));
    committed.replaceAll(
        (partition, offset) ->
            job.brokers().toCommit(notBack(partition, commits.next(partition, offset)).in(offset)));
    try {
      progress.ifPresentOrElse(
          all -> all.gate().commit(() -> super.commitSync(committed)),
          () -> super.commitSync(committed));
    } catch (Error e) {
      throw failed(e);
    }
  }

  private CommittedOffset notBack(TopicPartition partition, CommittedOffset offset) {
    return checkpoints.topic(partition) == TopicOffset.SUBMITTED
        ? job.start().rewind().notBack(partition, offset)
        : offset;
  }

  private boolean isMissing(TopicPartition partition) {
    return progress.map(all -> all.changes().isMissing(partition)).orElse(false);
  }

  /** KafkaIO calls this in another consumer than the one that polls. */
  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    try {
      return progress
          .map(all -> endsToReport(partitions, all))
          .orElseGet(() -> job.start().stop().limit(ends(partitions)));
    } catch (Error e) {
      throw failed(e);
    }
  }

  private Map<TopicPartition, Long> endsToReport(
      Collection<TopicPartition> partitions, JvmProgress all) {
    if (hasReportedEnds) {
      all.positions().waitUntilPolled(partitions, FIRST_POSITIONS);
    }
    hasReportedEnds = true; // The first call must not wait: polling starts after it.
    List<TopicPartition> missing = partitions.stream().filter(this::isMissing).toList();
    List<TopicPartition> existing = partitions.stream().filter(p -> !isMissing(p)).toList();
    Map<TopicPartition, Long> reported =
        all.positions()
            .endsToReport(ends(existing), job.start().stop(), System.currentTimeMillis());
    missing.forEach(partition -> reported.put(partition, all.positions().next(partition)));
    return reported;
  }

  /** Returns the ends of the logs, and reports that the job runs. */
  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = logs.ends(partitions);
    Runnable report =
        () -> reports.ifPresent(each -> each.report(this, ends, System.currentTimeMillis()));
    progress.ifPresentOrElse(all -> all.gate().commit(report), report);
    return ends;
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
