package io.sessionizer.explain;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.StartFrom;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.LogEnds;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.visits.VisitParser;
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
 * Looks through a job's topics for one visit id, each from its beginning (or the time that the
 * settings begin at) to where it ends now. All partitions are read: a visit may be in any of them,
 * and so may an old session, if partitions were added since. Only what is of the visit id is kept.
 */
public final class Investigation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Investigation.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final Evidence evidence;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Stretch> visits;
  private final List<Stretch> results;

  /**
   * What is to be read of a partition.
   *
   * @param from the first offset
   * @param to the offset behind the last one
   */
  private record Stretch(TopicPartition partition, long from, long to) {}

  /** Takes a record. */
  private interface Each {
    void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
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
            new VisitParser(settings.maxRecordBytes(), settings.maxFutureSkew(), clock),
            new WatermarkEstimate(settings, partitions(settings.topics().visits()), clock.millis()),
            clock.millis());
    // The end of the visits first, so that what became of them is read further than they are.
    this.visits = stretches(settings.topics().visits());
    this.results = results.stream().flatMap(topic -> stretches(topic).stream()).toList();
  }

  /**
   * Prepares to look for {@code visitId}.
   *
   * @param settings of the job whose topics are read
   * @throws NotReadyException if no broker answers or a topic is missing
   */
  public static Investigation of(String visitId, Settings settings) throws NotReadyException {
    TopicNames topics = settings.topics();
    IgnoredSettings.warn(
        "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
    TopicCheck check =
        new TopicCheck(settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
    check.requireTopics(List.of(topics.visits(), topics.sessions(), topics.deadLetters()));
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

  /** How many records are to be read at most: offsets that hold none count, too. */
  public long size() {
    return size(visits) + size(results);
  }

  /**
   * Reads all of them.
   *
   * @param progress is told now and then how far that is
   * @throws IOException if what is under the key of a session is none
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

  /** Whether nothing was found of the visit id. */
  public boolean isEmpty() {
    return evidence.isEmpty();
  }

  /** Returns what was found as a story, line by line. */
  public List<Line> story() {
    return Explanation.of(evidence, RoutingRules.of(settings));
  }

  /** Says that nothing was found, and what may have been meant. */
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
            evidence.likeIt().isEmpty()
                ? ": a visit id is compared character by character"
                : "; did you mean " + String.join(" or ", evidence.likeIt()) + "?");
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

  private List<Stretch> stretches(String topic) {
    List<TopicPartition> partitions = partitions(topic);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> atTime = atTime(partitions);
    List<Stretch> stretches = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      long end = ends.get(partition);
      long from = beginnings.get(partition);
      if (settings.startFrom().position() == StartFrom.Position.TIME) {
        OffsetAndTimestamp first = atTime.get(partition);
        from = first == null ? end : first.offset();
      }
      if (from < end) {
        stretches.add(new Stretch(partition, from, end));
      }
    }
    return stretches;
  }

  private Map<TopicPartition, OffsetAndTimestamp> atTime(List<TopicPartition> partitions) {
    if (settings.startFrom().position() != StartFrom.Position.TIME) {
      return Map.of();
    }
    Map<TopicPartition, Long> times = new HashMap<>();
    long time = settings.startFrom().time().toEpochMilli();
    partitions.forEach(partition -> times.put(partition, time));
    return consumer.offsetsForTimes(times);
  }

  private static long size(List<Stretch> stretches) {
    return stretches.stream().mapToLong(stretch -> stretch.to() - stretch.from()).sum();
  }

  /** Not everybody may ask for the group's offsets, and a job need not have committed any. */
  private void readCommitted() {
    HashSet<TopicPartition> partitions = new HashSet<>();
    visits.forEach(stretch -> partitions.add(stretch.partition()));
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

  private void read(List<Stretch> stretches, long before, LongConsumer progress, Each each)
      throws IOException {
    Map<TopicPartition, Long> ends = new HashMap<>();
    stretches.forEach(stretch -> ends.put(stretch.partition(), stretch.to()));
    consumer.assign(ends.keySet());
    stretches.forEach(stretch -> consumer.seek(stretch.partition(), stretch.from()));
    long done = before;
    while (!ends.isEmpty()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
        if (end != null && record.offset() < end) {
          each.take(record);
          done++;
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(consumer, ends);
      }
      // What is read needs no more fetching.
      if (ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue())) {
        consumer.assign(ends.keySet());
      }
      progress.accept(done);
    }
  }
}
