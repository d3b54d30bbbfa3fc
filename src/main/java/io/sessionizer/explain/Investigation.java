package io.sessionizer.explain;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.StartFrom;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.LogEnds;
import io.sessionizer.kafka.admin.TopicCheck;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search of a job's topics for one visit id, each from its beginning (or the settings' start
 * time) to its current end. All partitions are read: a visit may be in any of them, and so may an
 * old session, if partitions were added since. Only records of the visit id are retained.
 */
public final class Investigation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Investigation.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final Evidence evidence;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<OffsetRange> visits;
  private final List<OffsetRange> results;

  /**
   * The offsets to read of a partition.
   *
   * @param from the first offset
   * @param to the offset after the last one
   */
  private record OffsetRange(TopicPartition partition, long from, long to) {}

  /** Accepts a record. */
  private interface RecordConsumer {
    void accept(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  private Investigation(
      String visitId,
      Settings settings,
      KafkaConsumer<byte[], byte[]> consumer,
      List<String> results) {
    this.settings = settings;
    this.consumer = consumer;
    Clock clock = Clock.systemUTC();
    this.evidence =
        new Evidence(
            visitId,
            ParserSettings.of(settings).parser(),
            new WatermarkEstimate(settings, partitions(settings.topics().visits()), clock.millis()),
            clock.millis());
    // The end of the visits first, so that their results are read further than they are.
    this.visits = ranges(settings.topics().visits());
    this.results = results.stream().flatMap(topic -> ranges(topic).stream()).toList();
  }

  /**
   * Prepares a search for {@code visitId}.
   *
   * @param settings of the job whose topics are read
   * @throws NotReadyException if no broker responds or a topic is missing
   */
  public static Investigation of(String visitId, Settings settings) throws NotReadyException {
    TopicNames topics = settings.topics();
    IgnoredSettings.warn(
        "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
    TopicCheck check =
        new TopicCheck(settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
    check.requireTopics(List.of(topics.visits(), topics.sessions(), topics.deadLetters()), topics);
    // The dead letters before the visits, see Evidence. Only the stateful engine needs late visits.
    List<String> results = new ArrayList<>(List.of(topics.sessions(), topics.deadLetters()));
    if (check.missing(List.of(topics.lateVisits())).isEmpty()) {
      results.add(topics.lateVisits());
    }
    KafkaConsumer<byte[], byte[]> consumer = check.consumer();
    try {
      return new Investigation(visitId, settings, consumer, results);
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  /** How many records are read at most; offsets without a record count. */
  public long size() {
    return size(visits) + size(results);
  }

  /**
   * Reads all of them.
   *
   * @param progress receives how many of them were read
   * @throws IOException if a record with a session id of the visit id as its key is not a session
   */
  public void read(LongConsumer progress) throws IOException {
    TopicNames topics = settings.topics();
    readCommitted();
    read(
        results,
        0,
        progress,
        record -> {
          if (record.topic().equals(topics.sessions())) {
            evidence.session(record);
          } else if (record.topic().equals(topics.deadLetters())) {
            evidence.deadLetter(record);
          } else {
            evidence.lateVisit(record);
          }
        });
    read(visits, size(results), progress, evidence::visit);
  }

  /** Whether no record of the visit id was found. */
  public boolean isEmpty() {
    return evidence.isEmpty();
  }

  /** Returns the explanation, line by line. */
  public List<Line> explanation() {
    return Explanation.of(evidence, RoutingRules.of(settings));
  }

  /** Returns a message that nothing was found, with visit ids that may be meant. */
  public String nothingFound() {
    TopicNames topics = settings.topics();
    return "nothing of visit id '%s' among %s on %s, %s, %s and %s at %s%s"
        .formatted(
            evidence.visitId(),
            DisplayFormat.count(evidence.records(), "record", "records"),
            topics.visits(),
            topics.sessions(),
            topics.lateVisits(),
            topics.deadLetters(),
            settings.bootstrapServers(),
            evidence.similarVisitIds().isEmpty()
                ? ": a visit id is compared character by character"
                : "; did you mean " + String.join(" or ", evidence.similarVisitIds()) + "?");
  }

  @Override
  public void close() {
    consumer.close();
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private List<OffsetRange> ranges(String topic) {
    List<TopicPartition> partitions = partitions(topic);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> atTime = atTime(partitions);
    List<OffsetRange> ranges = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      long end = TopicPartitions.offset(ends, partition);
      long from = TopicPartitions.offset(beginnings, partition);
      if (settings.startFrom().position() == StartFrom.Position.TIME) {
        OffsetAndTimestamp first = atTime.get(partition);
        from = first == null ? end : first.offset();
      }
      if (from < end) {
        ranges.add(new OffsetRange(partition, from, end));
      }
    }
    return ranges;
  }

  private Map<TopicPartition, OffsetAndTimestamp> atTime(List<TopicPartition> partitions) {
    if (settings.startFrom().position() != StartFrom.Position.TIME) {
      return Map.of();
    }
    Map<TopicPartition, Long> times = new HashMap<>();
    long time = settings.startFrom().timeMillis();
    partitions.forEach(partition -> times.put(partition, time));
    return consumer.offsetsForTimes(times);
  }

  private static long size(List<OffsetRange> ranges) {
    return ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
  }

  /** Not every client may read the group's offsets, and a job need not have committed any. */
  private void readCommitted() {
    HashSet<TopicPartition> partitions = new HashSet<>();
    visits.forEach(range -> partitions.add(range.partition()));
    try {
      for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
          consumer.committed(partitions).entrySet()) {
        if (entry.getValue() != null) {
          evidence.committed(entry.getKey().partition(), entry.getValue().offset());
        }
      }
    } catch (KafkaException e) {
      LOG.debug("the group's offsets", e);
    }
  }

  private void read(
      List<OffsetRange> ranges, long before, LongConsumer progress, RecordConsumer each)
      throws IOException {
    Map<TopicPartition, Long> ends = new HashMap<>();
    ranges.forEach(range -> ends.put(range.partition(), range.to()));
    consumer.assign(ends.keySet());
    ranges.forEach(range -> consumer.seek(range.partition(), range.from()));
    long done = before;
    while (!ends.isEmpty()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
        if (end != null && record.offset() < end) {
          each.accept(record);
          done++;
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(consumer, ends);
      }
      // Partitions that are read need no more fetching.
      if (ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue())) {
        consumer.assign(ends.keySet());
      }
      progress.accept(done);
    }
  }
}
