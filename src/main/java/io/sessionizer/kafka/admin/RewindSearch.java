package io.sessionizer.kafka.admin;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Durations;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The search for the offsets at which a rewound job starts: everything is read again that belongs
 * to a session which the earlier job may not have written. Sessions that are cut off by starting
 * there are complete on the topic, if the earlier job had read far enough beyond them when it
 * committed.
 *
 * <p>Kafka finds records by their own timestamps, which say little about event times. So some
 * visits are sampled before both offsets, where the earlier job stopped and where this one starts.
 */
final class RewindSearch {
  /** How many records are sampled for the newest visit before an offset. */
  private static final int RECORDS_BEFORE = 1_000;

  /** How many are sampled for a visit behind an offset; later ones have ever later times. */
  private static final int RECORDS_AFTER = 10;

  private final Consumer<byte[], byte[]> consumer;
  private final Settings settings;
  private final VisitParser parser;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, CommittedOffset> committed;

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

  /** Times of some records: their own timestamps, and the event times of the visits among them. */
  private record Sample(LongSummaryStatistics timestamps, LongSummaryStatistics eventTimes) {
    void add(ConsumerRecord<byte[], byte[]> record, VisitParser parser) {
      timestamps.accept(record.timestamp());
      if (parser.parse(record.value()) instanceof Visit visit) {
        eventTimes.accept(visit.eventTimeMillis());
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

  /** Creates a search in partitions of the visits topic, with a consumer of the group. */
  RewindSearch(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Settings settings) {
    this.consumer = consumer;
    this.settings = settings;
    this.parser =
        new VisitParser(settings.maxRecordBytes(), settings.maxFutureSkew(), Clock.systemUTC());
    this.partitions = partitions;
    this.beginnings = consumer.beginningOffsets(partitions);
    this.ends = consumer.endOffsets(partitions);
    this.committed = new HashMap<>();
    consumer
        .committed(new HashSet<>(partitions))
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                committed.put(
                    partition,
                    CommittedOffset.of(offset).within(beginning(partition), end(partition)));
              }
            });
  }

  /**
   * Returns where to start.
   *
   * @throws BadFlagsException if the rewind is too short
   */
  Rewind find() throws BadFlagsException {
    Duration rewind = settings.rewind();
    if (rewind == null || committed.isEmpty()) {
      return Rewind.NONE;
    }
    Reached reached = reached();
    Map<TopicPartition, Long> starts = starts(reached.timestamp() - rewind.toMillis());
    OptionalLong newestBefore = newestBefore(starts);
    if (newestBefore.isPresent()) {
      requireThatSessionsFit(rewind, newestBefore.getAsLong(), reached.eventTime());
    }
    return Rewind.of(
        starts,
        committed,
        newestBefore.isPresent() ? completeFrom(newestBefore.getAsLong()) : null);
  }

  /**
   * Returns how far the earlier job had read, in its slowest partition. An idle partition counts as
   * well: it may have held back the watermark until it became idle.
   */
  private Reached reached() {
    Reached slowest = new Reached(Long.MAX_VALUE, Long.MAX_VALUE);
    for (TopicPartition partition : partitions) {
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
    Sample sample = new Sample(new LongSummaryStatistics(), new LongSummaryStatistics());
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    Map<TopicPartition, Long> end = new HashMap<>(Map.of(partition, to));
    while (consumer.position(partition) < TopicPartitions.offset(end, partition)) {
      var records = consumer.poll(Duration.ofMillis(100));
      for (var record : records) {
        if (record.offset() < to) {
          sample.add(record, parser);
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(consumer, end);
      }
    }
    return sample;
  }
}
