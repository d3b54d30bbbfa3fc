package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.records.SessionId;
import io.sessionizer.sessions.EarlierSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search for the sessions on a topic that have visits which a job reads again: those that were
 * written since the first of these visits was. Their records are read for their keys, and for
 * whether they are tombstones.
 *
 * <p>Only the newest records are read if there are many. The sessions that were written first are
 * the least likely to be merged by new visits.
 */
final class WrittenSessions {
  private static final Logger LOG = LoggerFactory.getLogger(WrittenSessions.class);

  /** Of all partitions; of a session, the job has 20 bytes. */
  static final long MOST_RECORDS = 1_000_000;

  /** Clocks of producers are less than this ahead of the job's. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final long mostRecords;

  /** Creates a search with a consumer whose assignment may be changed. */
  WrittenSessions(Consumer<byte[], byte[]> consumer) {
    this(consumer, MOST_RECORDS);
  }

  WrittenSessions(Consumer<byte[], byte[]> consumer, long mostRecords) {
    this.consumer = consumer;
    this.mostRecords = mostRecords;
  }

  /**
   * Returns the sessions of a topic that were not retracted.
   *
   * @param starts the offsets of the first visits that are read again
   */
  EarlierSessions find(String topic, Map<TopicPartition, Long> starts) {
    OptionalLong since = isEmpty(topic) ? OptionalLong.empty() : oldestTimestamp(starts);
    return since.isEmpty()
        ? EarlierSessions.NONE
        : since(topic, Math.max(0, since.getAsLong() - CLOCK_SKEW.toMillis()));
  }

  private boolean isEmpty(String topic) {
    List<TopicPartition> partitions = TopicPartitions.of(consumer.partitionsFor(topic));
    return consumer.beginningOffsets(partitions).equals(consumer.endOffsets(partitions));
  }

  /** Returns the oldest of the timestamps that the first records of partitions have. */
  private OptionalLong oldestTimestamp(Map<TopicPartition, Long> starts) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(starts.keySet());
    OptionalLong oldest = OptionalLong.empty();
    for (Map.Entry<TopicPartition, Long> start : starts.entrySet()) {
      OptionalLong first =
          firstTimestamp(
              start.getKey(), start.getValue(), TopicPartitions.offset(ends, start.getKey()));
      if (first.isPresent()) {
        oldest = OptionalLong.of(Math.min(first.getAsLong(), oldest.orElse(Long.MAX_VALUE)));
      }
    }
    return oldest;
  }

  private OptionalLong firstTimestamp(TopicPartition partition, long start, long end) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, start);
    Map<TopicPartition, Long> ends = new HashMap<>(Map.of(partition, end));
    while (consumer.position(partition) < TopicPartitions.offset(ends, partition)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        return OptionalLong.of(record.timestamp());
      }
      LogEnds.lower(consumer, ends);
    }
    return OptionalLong.empty();
  }

  private EarlierSessions since(String topic, long timestamp) {
    List<TopicPartition> partitions = TopicPartitions.of(consumer.partitionsFor(topic));
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    consumer.assign(partitions);
    if (!seek(partitions, timestamp, ends)) {
      LOG.warn(
          "more than {} records were written to {} since {}, when the first of the visits that are"
              + " read again was: a session of an earlier record is not retracted if new visits"
              + " merge it into another one, or start it earlier",
          mostRecords,
          topic,
          Instant.ofEpochMilli(timestamp));
    }
    EarlierSessions.SessionSet sessions = new EarlierSessions.SessionSet();
    while (partitions.stream()
        .anyMatch(p -> consumer.position(p) < TopicPartitions.offset(ends, p))) {
      var records = consumer.poll(POLL);
      records.forEach(record -> apply(record, sessions));
      if (records.isEmpty()) {
        LogEnds.lower(consumer, ends);
      }
    }
    return sessions.toEarlierSessions();
  }

  /** Moves to the first record of a time; returns whether that is not too far back. */
  private boolean seek(
      List<TopicPartition> partitions, long timestamp, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, timestamp));
    long most = Math.max(1, mostRecords / Math.max(1, partitions.size()));
    boolean isAll = true;
    for (var first : consumer.offsetsForTimes(times).entrySet()) {
      long end = TopicPartitions.offset(ends, first.getKey());
      long from = first.getValue() == null ? end : first.getValue().offset();
      isAll &= from >= end - most;
      consumer.seek(first.getKey(), Math.max(from, end - most));
    }
    return isAll;
  }

  private static void apply(
      ConsumerRecord<byte[], byte[]> record, EarlierSessions.SessionSet sessions) {
    if (record.key() == null) {
      return; // another program's
    }
    try {
      SessionId id = SessionId.parse(new String(record.key(), UTF_8));
      if (record.value() == null) {
        sessions.remove(id);
      } else {
        sessions.add(id);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("a record of another program on {}", record.topic(), e);
    }
  }
}
