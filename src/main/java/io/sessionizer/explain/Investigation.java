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
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search of a job's topics for one visit id, each from its beginning (or the settings' start
 * time) to its current end, or of its files. All partitions are read: a visit may be in any of
 * them, and so may an old session, if partitions were added since. Only records of the visit id are
 * retained.
 */
public final class Investigation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Investigation.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final Evidence evidence;
  private final SearchedFiles files;
  private final FileSearch search;
  private final @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private final List<OffsetRange> visits;
  private final List<OffsetRange> results;
  private long done;

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
      SearchedFiles files,
      @Nullable KafkaConsumer<byte[], byte[]> consumer,
      List<String> results) {
    this.settings = settings;
    this.files = files;
    this.search = new FileSearch(settings, files);
    this.consumer = consumer;
    Clock clock = Clock.systemUTC();
    VisitParser parser = ParserSettings.of(settings).parser();
    List<TopicPartition> read =
        files.areVisitsOnTopic()
            ? TopicPartitions.of(kafka(), settings.topics().visits())
            : List.of();
    this.evidence =
        new Evidence(
            visitId,
            source -> source.isInFile() ? search.parser(source) : parser,
            ParserSettings.of(settings).lateVisitParser(),
            new WatermarkEstimate(settings, read, clock.millis()),
            clock.millis());
    Long seam = files.seamMillis();
    if (seam != null) {
      evidence.seam(seam);
    }
    // The end of the visits first, so that their results are read further than they are.
    this.visits = files.areVisitsOnTopic() ? ranges(settings.topics().visits()) : List.of();
    this.results = results.stream().flatMap(topic -> ranges(List.of(topic)).stream()).toList();
  }

  /**
   * Prepares a search for {@code visitId}.
   *
   * @param settings of the job whose topics are read
   * @throws NotReadyException if no broker responds or a topic is missing
   */
  public static Investigation of(String visitId, Settings settings) throws NotReadyException {
    return of(visitId, settings, SearchedFiles.NONE);
  }

  /**
   * Like {@link #of(String, Settings)}, in files in place of topics, or beside them.
   *
   * @throws NotReadyException if topics are read, and no broker responds or one is missing
   */
  public static Investigation of(String visitId, Settings settings, SearchedFiles files)
      throws NotReadyException {
    if (files.areAll()) {
      return new Investigation(visitId, settings, files, null, List.of());
    }
    TopicNames topics = settings.topics();
    IgnoredSettings.warn(
        "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
    TopicCheck check =
        new TopicCheck(settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
    List<String> required = new ArrayList<>();
    if (files.areVisitsOnTopic()) {
      required.addAll(topics.visits());
    }
    // The dead letters before the visits, see Evidence. Only the stateful engine needs late visits.
    List<String> results = new ArrayList<>();
    if (files.areSessionsOnTopic()) {
      results.addAll(List.of(topics.sessions(), topics.deadLetters()));
      required.addAll(results);
      if (check.missing(List.of(topics.lateVisits())).isEmpty()) {
        results.add(topics.lateVisits());
      }
    }
    check.requireTopics(required, topics);
    KafkaConsumer<byte[], byte[]> consumer = check.consumer();
    try {
      return new Investigation(visitId, settings, files, consumer, results);
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  /** About how many records are read at most; offsets without a record count. */
  public long size() throws IOException {
    return size(visits) + size(results) + search.size();
  }

  /**
   * Reads all of them.
   *
   * @param progress receives how many of them were read
   * @throws IOException if a record with a session id of the visit id as its key is not a session
   */
  public void read(LongConsumer progress) throws IOException {
    TopicNames topics = settings.topics();
    FileSearch.RecordCounter counter = () -> readInFile(progress);
    search.readResults(evidence, counter);
    if (consumer != null) {
      readCommitted();
    }
    read(
        results,
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
    read(visits, progress, evidence::visit);
    search.readVisits(evidence, counter);
    evidence.finish(settings.policy());
  }

  private void readInFile(LongConsumer progress) {
    if ((++done & 0xFFF) == 0) {
      progress.accept(done);
    }
  }

  private KafkaConsumer<byte[], byte[]> kafka() {
    return Objects.requireNonNull(consumer, "topics are read");
  }

  /** Whether no record of the visit id was found. */
  public boolean isEmpty() {
    return evidence.isEmpty();
  }

  /** Returns the explanation, line by line. */
  public List<Line> explanation() {
    return Explanation.of(evidence, RoutingRules.of(settings, files.areAll()));
  }

  /** Returns a message that nothing was found, with visit ids that may be meant. */
  public String nothingFound() {
    return "nothing of visit id '%s' among %s %s%s"
        .formatted(
            evidence.visitId(),
            DisplayFormat.count(evidence.records(), "record", "records"),
            searched(),
            evidence.similarVisitIds().isEmpty()
                ? ": a visit id is compared character by character"
                : "; did you mean " + String.join(" or ", evidence.similarVisitIds()) + "?");
  }

  private String searched() {
    if (files.areAll()) {
      return "in " + DisplayFormat.count(files.input().size(), "file", "files") + " and the folder";
    }
    TopicNames topics = settings.topics();
    return "on %s, %s, %s and %s at %s%s"
        .formatted(
            String.join(", ", topics.visits()),
            topics.sessions(),
            topics.lateVisits(),
            topics.deadLetters(),
            settings.bootstrapServers(),
            files.equals(SearchedFiles.NONE) ? "" : ", and in files");
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
    }
  }

  private List<OffsetRange> ranges(List<String> topics) {
    List<TopicPartition> partitions = TopicPartitions.of(kafka(), topics);
    Map<TopicPartition, Long> ends = kafka().endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = kafka().beginningOffsets(partitions);
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
    return kafka().offsetsForTimes(times);
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
          kafka().committed(partitions).entrySet()) {
        if (entry.getValue() != null) {
          evidence.committed(entry.getKey(), entry.getValue().offset());
        }
      }
    } catch (KafkaException e) {
      LOG.debug("the group's offsets", e);
    }
  }

  private void read(List<OffsetRange> ranges, LongConsumer progress, RecordConsumer each)
      throws IOException {
    if (ranges.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    ranges.forEach(range -> ends.put(range.partition(), range.to()));
    kafka().assign(ends.keySet());
    ranges.forEach(range -> kafka().seek(range.partition(), range.from()));
    while (!ends.isEmpty()) {
      ConsumerRecords<byte[], byte[]> records = kafka().poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
        if (end != null && record.offset() < end) {
          each.accept(record);
          done++;
        }
      }
      if (records.isEmpty()) {
        LogEnds.lower(kafka(), ends);
      }
      // Partitions that are read need no more fetching.
      if (ends.entrySet().removeIf(end -> kafka().position(end.getKey()) >= end.getValue())) {
        kafka().assign(ends.keySet());
      }
      progress.accept(done);
    }
  }
}
