package io.sessionizer.kafka.admin;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.Rewind;
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
 * Finds where to begin so that everything is read again that belongs to a session which the earlier
 * job may not have written, and which sessions are cut off by beginning there. The earlier job has
 * written those, if what it had read when it committed lies far enough behind.
 *
 * <p>Kafka finds records by their own timestamps, which say little about event times: so some
 * visits are read on both sides, in front of where the earlier job stopped and in front of where
 * this one begins.
 */
final class RewindSearch {
  /** How many records are looked at for the newest visit in front of an offset. */
  private static final int RECORDS_BEFORE = 1_000;

  /** How many are looked at for a visit behind an offset; more of them come ever later. */
  private static final int RECORDS_BEHIND = 10;

  private final Consumer<byte[], byte[]> consumer;
  private final Settings settings;
  private final VisitParser parser;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, CommittedOffset> committed;

  /**
   * How far somebody has read.
   *
   * @param timestamp of the Kafka record, epoch milliseconds
   * @param eventTime of visits, epoch milliseconds
   */
  private record ResumePoint(long timestamp, long eventTime) {
    /** The earlier one of this and what else is known. */
    ResumePoint or(OptionalLong otherTimestamp, OptionalLong otherEventTime) {
      return new ResumePoint(
          Math.min(timestamp, otherTimestamp.orElse(timestamp)),
          Math.min(eventTime, otherEventTime.orElse(eventTime)));
    }
  }

  /** What some records say: their own timestamps, and the event times of the visits among them. */
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

    /** What the watermark of whoever read them was by, if they were read when they came. */
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

  /** Will look at the partitions of the visits topic with a consumer of the group. */
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
            (partition, found) -> {
              if (found != null) {
                committed.put(
                    partition,
                    CommittedOffset.of(found)
                        .within(beginnings.get(partition), ends.get(partition)));
              }
            });
  }

  /**
   * Searches.
   *
   * @throws BadFlagsException if what would be read again is too little
   */
  Rewind find() throws BadFlagsException {
    if (committed.isEmpty()) {
      return Rewind.NONE;
    }
    ResumePoint reached = reached();
    Map<TopicPartition, Long> begins = begins(reached.timestamp() - settings.rewind().toMillis());
    OptionalLong newestBefore = newestBefore(begins);
    if (newestBefore.isPresent()) {
      requireThatSessionsFit(newestBefore.getAsLong(), reached.eventTime());
    }
    return Rewind.of(
        begins, committed, newestBefore.isPresent() ? wholeFrom(newestBefore.getAsLong()) : null);
  }

  /**
   * How far the earlier job had got, in the partition in which it had got least far. An idle
   * partition counts, too: it may have held the watermark back for as long as it was not idle yet.
   */
  private ResumePoint reached() {
    ResumePoint slowest = new ResumePoint(Long.MAX_VALUE, Long.MAX_VALUE);
    for (TopicPartition partition : partitions) {
      long beginning = beginnings.get(partition);
      long offset = committed.getOrDefault(partition, CommittedOffset.of(beginning)).flushed();
      if (offset > beginning) {
        Sample before = before(partition, offset);
        slowest = slowest.or(before.newestTimestamp(), before.reachedEventTime());
      } else {
        Sample unread = behind(partition, offset);
        slowest = slowest.or(unread.oldestTimestamp(), unread.newestEventTime());
      }
    }
    return slowest;
  }

  /** Where to begin. A partition without an offset is a new one, and read from its beginning. */
  private Map<TopicPartition, Long> begins(long timestamp) {
    Map<TopicPartition, Long> times = new HashMap<>();
    committed.keySet().forEach(partition -> times.put(partition, Math.max(0, timestamp)));
    Map<TopicPartition, Long> begins = new HashMap<>(beginnings);
    committed.forEach((partition, offset) -> begins.put(partition, offset.flushed()));
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, first) -> {
              if (first != null) {
                begins.merge(partition, first.offset(), Math::min);
              }
            });
    return begins;
  }

  /**
   * The newest event time in front of where reading begins; empty if there is nothing in front. If
   * the topic has forgotten what was there, the first visits that it still has say as much.
   */
  private OptionalLong newestBefore(Map<TopicPartition, Long> begins) {
    return committed.keySet().stream()
        .filter(partition -> begins.get(partition) > 0)
        .map(
            partition ->
                begins.get(partition) > beginnings.get(partition)
                    ? before(partition, begins.get(partition))
                    : behind(partition, begins.get(partition)))
        .map(Sample::newestEventTime)
        .flatMapToLong(OptionalLong::stream)
        .max();
  }

  /** Visits may be newer than those that were looked at, by as much as they are out of order. */
  private Instant wholeFrom(long newestBefore) {
    return Instant.ofEpochMilli(settings.policy().closesAt(newestBefore))
        .plus(settings.maxOutOfOrderness());
  }

  /** A session that is cut off must be over and done with where the earlier job had got to. */
  private void requireThatSessionsFit(long newestBefore, long reached) throws BadFlagsException {
    if (reached - newestBefore < settings.shortestRewind().toMillis()) {
      throw new BadFlagsException(
          List.of(
              "--rewind=%s: reaches from visits of %s back to visits of %s only, and sessions may"
                      .formatted(
                          settings.rewind(),
                          Instant.ofEpochMilli(reached),
                          Instant.ofEpochMilli(newestBefore))
                  + " take %s (%s): rewind further, or if the topic does not go back further,"
                      .formatted(settings.shortestRewind(), Settings.SHORTEST_REWIND)
                  + " leave it out"));
    }
  }

  private Sample before(TopicPartition partition, long offset) {
    long beginning = beginnings.get(partition);
    for (long back = RECORDS_BEFORE; ; back *= 2) {
      long from = Math.max(beginning, offset - back);
      Sample sample = read(partition, from, offset);
      if (sample.newestEventTime().isPresent() || from == beginning) {
        return sample;
      }
    }
  }

  private Sample behind(TopicPartition partition, long offset) {
    long end = ends.get(partition);
    for (long ahead = RECORDS_BEHIND; ; ahead *= 2) {
      long to = Math.min(end, offset + ahead);
      Sample sample = read(partition, offset, to);
      if (sample.newestEventTime().isPresent() || to == end) {
        return sample;
      }
    }
  }

  private Sample read(TopicPartition partition, long from, long to) {
    Sample sample = new Sample(new LongSummaryStatistics(), new LongSummaryStatistics());
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    Map<TopicPartition, Long> end = new HashMap<>(Map.of(partition, to));
    while (consumer.position(partition) < end.get(partition)) {
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
