package io.sessionizer.kafka.admin;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Durations;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.PartitionProgress;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search for the offsets at which a job starts that continues an earlier one without its state:
 * everything is read again that belongs to a session which the earlier job may not have written, or
 * would have corrected. Sessions that are cut off by starting there are complete on the topic.
 *
 * <p>Partitions are read back from where the earlier job stopped, in ranges of doubling size, until
 * no visit before them can belong to a session that was open there ({@link OpenSessions}). A user
 * may say instead how far to rewind; then it is checked that no session is longer.
 *
 * <p>Kafka finds records by their own timestamps, which say little about event times. So some
 * visits are sampled before both offsets, where the earlier job stopped and where this one starts.
 */
final class RewindSearch {
  private static final Logger LOG = LoggerFactory.getLogger(RewindSearch.class);

  /** How many records are sampled for the newest visit before an offset. */
  private static final int RECORDS_BEFORE = 1_000;

  /** How many are sampled for a visit behind an offset; later ones have ever later times. */
  private static final int RECORDS_AFTER = 10;

  /** A start is found to within so many records. */
  private static final long BLOCK = 100;

  /** From so many on, the log says how many have been read. */
  private static final long MANY_RECORDS = 1_000_000;

  /** Commits are less than this apart. */
  private static final Duration BETWEEN_COMMITS = Duration.ofMinutes(10);

  private final Consumer<byte[], byte[]> consumer;
  private final Settings settings;
  private final VisitParser parser;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, CommittedOffset> committed;
  private final Set<TopicPartition> idle;

  /** Committed offsets whose records are deleted: a reader that starts there says so. */
  private final Map<TopicPartition, Long> deleted = new HashMap<>();

  /**
   * How far a job has read.
   *
   * @param timestamp of the Kafka record, epoch milliseconds
   * @param eventTime of visits, epoch milliseconds
   */
  private record Reached(long timestamp, long eventTime) {
    /** Returns the earlier one of this and of what else is known. */
    Reached min(OptionalLong otherTimestamp, OptionalLong otherEventTime) {
      return new Reached(
          Math.min(timestamp, otherTimestamp.orElse(timestamp)),
          Math.min(eventTime, otherEventTime.orElse(eventTime)));
    }
  }

  /** Accepts visits, and the offsets at which they were read. */
  private interface VisitConsumer {
    void accept(long offset, Visit visit);
  }

  /** Times of some records: their own timestamps, and the event times of the visits among them. */
  private record Sample(LongSummaryStatistics timestamps, LongSummaryStatistics eventTimes) {
    void add(ConsumerRecord<byte[], byte[]> record, VisitParser parser, VisitConsumer visits) {
      timestamps.accept(record.timestamp());
      if (parser.parse(record.value(), RecordMapping.head(record)) instanceof Visit visit) {
        eventTimes.accept(visit.eventTimeMillis());
        visits.accept(record.offset(), visit);
      }
    }

    OptionalLong oldestTimestamp() {
      return timestamps.getCount() == 0
          ? OptionalLong.empty()
          : OptionalLong.of(timestamps.getMin());
    }

    OptionalLong newestTimestamp() {
      return timestamps.getCount() == 0
          ? OptionalLong.empty()
          : OptionalLong.of(timestamps.getMax());
    }

    /** Returns the event time up to which sessions are closed, if they were read when written. */
    OptionalLong reachedEventTime() {
      return eventTimes.getCount() == 0
          ? OptionalLong.empty()
          : OptionalLong.of(Math.min(eventTimes.getMax(), timestamps.getMax()));
    }

    OptionalLong newestEventTime() {
      return eventTimes.getCount() == 0
          ? OptionalLong.empty()
          : OptionalLong.of(eventTimes.getMax());
    }
  }

  /** Creates a search in the partitions of visits, with a consumer of the group. */
  RewindSearch(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Settings settings) {
    this.consumer = consumer;
    this.settings = settings;
    this.parser = ParserSettings.of(settings).parser();
    this.partitions = partitions;
    this.beginnings = consumer.beginningOffsets(partitions);
    this.ends = consumer.endOffsets(partitions);
    this.committed = new HashMap<>();
    this.idle = new HashSet<>();
    consumer
        .committed(new HashSet<>(partitions))
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                committed.put(
                    partition,
                    CommittedOffset.of(offset).within(beginning(partition), end(partition)));
                if (offset.offset() < beginning(partition)) {
                  deleted.put(partition, offset.offset());
                }
                if (isIdle(offset)) {
                  idle.add(partition);
                }
              }
            });
  }

  /**
   * Returns whether a partition did not hold back the watermark, and all of it was flushed by then.
   */
  private boolean isIdle(OffsetAndMetadata committed) {
    CommittedOffset offset = CommittedOffset.of(committed);
    Duration silence = settings.idleAfter().plus(BETWEEN_COMMITS);
    return offset.offset() == offset.flushed()
        && PartitionProgress.ofAnyJob(committed.metadata())
            .filter(PartitionProgress::idle)
            .filter(last -> last.asOf() - last.lastRecordAt() >= silence.toMillis())
            .isPresent();
  }

  /**
   * Returns where to start; {@link Rewind#NONE} if the group has committed nothing.
   *
   * @throws BadFlagsException if the user's rewind is too short
   */
  Rewind find() throws BadFlagsException {
    if (committed.isEmpty()) {
      return Rewind.NONE;
    }
    Reached reached = reached();
    Duration rewind = settings.rewind();
    return rewind == null ? asFarAsOpenSessions(reached) : asFarAs(rewind, reached);
  }

  private Rewind asFarAs(Duration rewind, Reached reached) throws BadFlagsException {
    Map<TopicPartition, Long> starts = starts(reached.timestamp() - rewind.toMillis());
    OptionalLong newestBefore = newestBefore(starts);
    if (newestBefore.isPresent()) {
      requireThatSessionsFit(rewind, newestBefore.getAsLong(), reached.eventTime());
    }
    return newestBefore.isPresent()
        ? Rewind.of(
            starts,
            committed,
            completeFrom(newestBefore.getAsLong()),
            Instant.ofEpochMilli(watermark(reached)))
        : Rewind.of(starts, committed, null, null);
  }

  private Rewind asFarAsOpenSessions(Reached reached) {
    Map<TopicPartition, Long> starts = new HashMap<>(beginnings);
    committed.forEach((partition, offset) -> starts.put(partition, offset.flushed()));
    if (reached.eventTime() == Long.MAX_VALUE) {
      // No visit was read.
      return rewind(starts, Map.of(), Long.MIN_VALUE, Long.MIN_VALUE);
    }
    long watermark = watermark(reached);
    // A session that starts before this has been cut by a cap.
    long longest = reached.eventTime() - settings.shortestRewind().toMillis();
    OpenSessions open = new OpenSessions(settings.policy(), watermark);
    Map<TopicPartition, OptionalLong> newest = new HashMap<>();
    Map<TopicPartition, TreeMap<Long, Long>> blocks = new HashMap<>();
    long count = 0;
    for (long back = RECORDS_BEFORE; ; back *= 2) {
      if (isBefore(newest, starts, open.openFrom())) {
        open.complete();
      }
      long earliest = Math.max(open.earliestStart(), longest);
      List<TopicPartition> later =
          starts.keySet().stream()
              .filter(partition -> TopicPartitions.offset(starts, partition) > beginning(partition))
              .filter(partition -> !isBefore(newest.get(partition), earliest))
              .toList();
      if (later.isEmpty()) {
        blocks.forEach((partition, read) -> skip(partition, read, earliest, starts, newest));
        return rewind(starts, newest, open.earliestStart(), watermark);
      }
      for (TopicPartition partition : later) {
        long to = TopicPartitions.offset(starts, partition);
        long from = Math.max(beginning(partition), to - back);
        TreeMap<Long, Long> read = blocks.computeIfAbsent(partition, p -> new TreeMap<>());
        read(
            partition,
            from,
            to,
            (offset, visit) -> {
              open.add(visit.visitId(), visit.eventTimeMillis());
              read.merge(offset / BLOCK, visit.eventTimeMillis(), Math::max);
            });
        count += to - from;
        starts.put(partition, from);
        newest.put(partition, before(partition, from).newestEventTime());
      }
      if (count >= MANY_RECORDS) {
        LOG.info("{} records read back to find the sessions that were open", count);
      }
    }
  }

  /**
   * Moves the start of a partition behind what was read back, but need not have been.
   *
   * @param read the newest event time of each hundred records
   * @param earliest no visit before the start may belong to a session from this time on
   */
  private void skip(
      TopicPartition partition,
      SortedMap<Long, Long> read,
      long earliest,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, OptionalLong> newest) {
    long first = TopicPartitions.offset(starts, partition);
    long newestBefore = newest.getOrDefault(partition, OptionalLong.empty()).orElse(Long.MIN_VALUE);
    long flushed = committed.getOrDefault(partition, CommittedOffset.of(first)).flushed();
    for (Map.Entry<Long, Long> block : read.entrySet()) {
      long next = Math.min(flushed, (block.getKey() + 1) * BLOCK);
      newestBefore = Math.max(newestBefore, block.getValue());
      if (!isBefore(OptionalLong.of(newestBefore), earliest)) {
        return;
      }
      starts.put(partition, next);
      newest.put(partition, OptionalLong.of(newestBefore));
    }
  }

  private Rewind rewind(
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, OptionalLong> newest,
      long earliest,
      long watermark) {
    boolean isTopicShorter = false;
    OptionalLong newestBefore = OptionalLong.empty();
    for (TopicPartition partition : committed.keySet()) {
      boolean isBeginning = TopicPartitions.offset(starts, partition) == beginning(partition);
      OptionalLong before = newest.getOrDefault(partition, OptionalLong.empty());
      if (isBeginning && beginning(partition) > 0) {
        // The visits before it are deleted; the first ones that are left have similar times.
        before = after(partition, beginning(partition)).newestEventTime();
        isTopicShorter |= !isBefore(before, earliest);
      }
      if (before.isPresent()) {
        newestBefore =
            OptionalLong.of(Math.max(before.getAsLong(), newestBefore.orElse(Long.MIN_VALUE)));
      }
    }
    deleted.forEach(
        (partition, offset) -> {
          starts.put(partition, offset);
          committed.put(partition, CommittedOffset.of(offset));
        });
    return newestBefore.isEmpty()
        ? Rewind.of(starts, committed, null, null)
        : new Rewind(
            new HashMap<>(starts),
            new HashMap<>(committed),
            completeFrom(newestBefore.getAsLong()),
            Instant.ofEpochMilli(settings.policy().earliestOnTime(watermark)),
            Instant.ofEpochMilli(isTopicShorter ? allExpired(watermark) : watermark),
            isTopicShorter);
  }

  /** Whether no visit before the starts can belong to a session from a time on. */
  private boolean isBefore(
      Map<TopicPartition, OptionalLong> newest, Map<TopicPartition, Long> starts, long time) {
    return starts.entrySet().stream()
        .filter(start -> start.getValue() > beginning(start.getKey()))
        .allMatch(start -> isBefore(newest.get(start.getKey()), time));
  }

  /** {@code newest} is null if it is not known yet. */
  private boolean isBefore(@Nullable OptionalLong newest, long time) {
    return newest != null
        && (newest.isEmpty() || completeFrom(newest.getAsLong()).toEpochMilli() <= time);
  }

  /**
   * Returns how far the earlier job had read, in its slowest partition. One that was idle counts as
   * well, unless it had been for long: it may have held back the watermark until it became idle.
   */
  private Reached reached() {
    Reached slowest = new Reached(Long.MAX_VALUE, Long.MAX_VALUE);
    boolean areAllIdle = idle.containsAll(partitions);
    for (TopicPartition partition : partitions) {
      if (idle.contains(partition) && !areAllIdle) {
        continue;
      }
      long beginning = beginning(partition);
      long offset = committed.getOrDefault(partition, CommittedOffset.of(beginning)).flushed();
      if (offset > beginning) {
        Sample before = before(partition, offset);
        slowest = slowest.min(before.newestTimestamp(), before.reachedEventTime());
      } else {
        Sample unread = after(partition, offset);
        slowest = slowest.min(unread.oldestTimestamp(), unread.newestEventTime());
      }
    }
    return slowest;
  }

  /** Returns where to start. A partition without an offset is new, and read from its beginning. */
  private Map<TopicPartition, Long> starts(long timestamp) {
    Map<TopicPartition, Long> times = new HashMap<>();
    committed.keySet().forEach(partition -> times.put(partition, Math.max(0, timestamp)));
    Map<TopicPartition, Long> starts = new HashMap<>(beginnings);
    committed.forEach((partition, offset) -> starts.put(partition, offset.flushed()));
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, first) -> {
              if (first != null) {
                starts.merge(partition, first.offset(), Math::min);
              }
            });
    return starts;
  }

  /**
   * Returns the newest event time before the first record to read; empty if there is none. If the
   * records before it are deleted, the first visits that are left have similar times.
   */
  private OptionalLong newestBefore(Map<TopicPartition, Long> starts) {
    return starts.entrySet().stream()
        .filter(start -> committed.containsKey(start.getKey()) && start.getValue() > 0)
        .map(
            start ->
                start.getValue() > beginning(start.getKey())
                    ? before(start.getKey(), start.getValue())
                    : after(start.getKey(), start.getValue()))
        .map(Sample::newestEventTime)
        .flatMapToLong(OptionalLong::stream)
        .max();
  }

  private long watermark(Reached reached) {
    return reached.eventTime() - settings.maxOutOfOrderness().toMillis();
  }

  /**
   * Returns the watermark at which no session can change any more that is complete at {@code
   * watermark}. Where the topic is shorter such sessions are left, though they could.
   */
  private long allExpired(long watermark) {
    return watermark + settings.policy().allowedLateness().toMillis();
  }

  /** Visits may be newer than the sampled ones, by as much as they are out of order. */
  private Instant completeFrom(long newestBefore) {
    return Instant.ofEpochMilli(settings.policy().closesAt(newestBefore))
        .plus(settings.maxOutOfOrderness());
  }

  /** A session that is cut off must have expired where the earlier job had stopped. */
  private void requireThatSessionsFit(Duration rewind, long newestBefore, long reached)
      throws BadFlagsException {
    if (reached - newestBefore < settings.shortestRewind().toMillis()) {
      throw new BadFlagsException(
          List.of(
              "--rewind=%s: goes back from visits of %s to visits of %s only, but a session may last %s (%s): rewind further; or, if the topic goes back no further, leave it out"
                  .formatted(
                      Durations.format(rewind),
                      Instant.ofEpochMilli(reached),
                      Instant.ofEpochMilli(newestBefore),
                      Durations.format(settings.shortestRewind()),
                      Settings.SHORTEST_REWIND)));
    }
  }

  private Sample before(TopicPartition partition, long offset) {
    long beginning = beginning(partition);
    for (long back = RECORDS_BEFORE; ; back *= 2) {
      long from = Math.max(beginning, offset - back);
      Sample sample = read(partition, from, offset);
      if (sample.newestEventTime().isPresent() || from == beginning) {
        return sample;
      }
    }
  }

  private Sample after(TopicPartition partition, long offset) {
    long end = end(partition);
    for (long ahead = RECORDS_AFTER; ; ahead *= 2) {
      long to = Math.min(end, offset + ahead);
      Sample sample = read(partition, offset, to);
      if (sample.newestEventTime().isPresent() || to == end) {
        return sample;
      }
    }
  }

  private long beginning(TopicPartition partition) {
    return TopicPartitions.offset(beginnings, partition);
  }

  private long end(TopicPartition partition) {
    return TopicPartitions.offset(ends, partition);
  }

  private Sample read(TopicPartition partition, long from, long to) {
    return read(partition, from, to, (offset, visit) -> {});
  }

  /** Reads some records, and hands on the visits among them. */
  private Sample read(TopicPartition partition, long from, long to, VisitConsumer visits) {
    Sample sample = new Sample(new LongSummaryStatistics(), new LongSummaryStatistics());
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    Map<TopicPartition, Long> end = new HashMap<>(Map.of(partition, to));
    while (consumer.position(partition) < TopicPartitions.offset(end, partition)) {
      var records = consumer.poll(Duration.ofMillis(100));
      for (var record : records) {
        if (record.offset() < to) {
          sample.add(record, parser, visits);
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(consumer, end);
      }
    }
    return sample;
  }
}
