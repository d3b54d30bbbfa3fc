package io.sessionizer.watch;

import io.sessionizer.config.Settings;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.process.OutOfMemory;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topics beside the job, in a thread of its own, into the timeline. */
final class TopicReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(1);

  private final List<String> visitsTopics;
  private final ResultReader results;
  private final Timeline timeline;
  private final JobStatus status;
  private final RecordTail tail;
  private final VisitParser parser;
  private final WatermarkEstimate watermarks;
  private final Map<TopicPartition, Long> newestEventTime = new HashMap<>();
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::read, "topic-reader");

  private volatile OptionalLong watermark = OptionalLong.empty();
  private volatile long backlog;
  private volatile String problem = "";

  /**
   * Starts to read.
   *
   * @param topics those of {@code settings} that exist
   * @param mostRecords how many existing records of each partition to read at most
   * @param status receives when visits and results were written
   */
  TopicReader(
      Settings settings,
      List<String> topics,
      Map<String, Object> client,
      long mostRecords,
      Timeline timeline,
      JobStatus status) {
    this.visitsTopics = settings.topics().visits();
    this.results = new ResultReader(settings);
    this.timeline = timeline;
    this.status = status;
    this.parser = ParserSettings.of(settings).parser();
    this.tail = RecordTail.fromNewest(topics, mostRecords, client);
    this.watermarks =
        new WatermarkEstimate(settings, tail.partitions(visitsTopics), clock.millis());
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns an estimate of the job's watermark, if there are visits. */
  OptionalLong watermark() {
    return watermark;
  }

  /** Returns the number of records that were not read yet. */
  long backlog() {
    return backlog;
  }

  /** Returns why the topics cannot be read at the moment; empty if they can. */
  String problem() {
    return problem;
  }

  private void read() {
    try (tail) {
      while (!closed.await(0, TimeUnit.MILLISECONDS)) {
        try {
          poll();
          problem = "";
        } catch (KafkaException e) {
          report("the topics cannot be read, trying again: " + e.getMessage());
          closed.await(BETWEEN_TRIALS.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      OutOfMemory.endIfCauseOf(e);
      problem = "the topics are no longer read: " + e;
      LOG.error("{}", problem, e);
    }
  }

  private void report(String newProblem) {
    if (problem.isEmpty()) {
      LOG.warn("{}", newProblem);
    }
    problem = newProblem;
  }

  private void poll() {
    tail.poll(this::read);
    Map<TopicPartition, Long> left = tail.backlog();
    watermark = watermarks.at(left, clock.millis());
    backlog = left.values().stream().mapToLong(Long::longValue).sum();
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    if (visitsTopics.contains(record.topic())) {
      visit(record);
    } else {
      results.read(record, timeline);
      timeline.resultWritten(record.timestamp());
      status.resultWritten(record.timestamp(), clock.millis());
    }
  }

  private void visit(ConsumerRecord<byte[], byte[]> record) {
    SourcePosition position = RecordMapping.position(record);
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    status.visitWritten(record.timestamp(), clock.millis());
    ParsedRecord parsed = parser.parse(record.value(), RecordMapping.head(record));
    if (parsed instanceof Visit visit) {
      watermarks.visitRead(record, visit.eventTimeMillis(), clock.millis());
      newestEventTime.merge(partition, visit.eventTimeMillis(), Math::max);
      timeline.visit(visit, record.timestamp(), position);
    } else if (parsed instanceof Rejection) {
      watermarks.recordRead(record, clock.millis());
      Long near = newestEventTime.get(partition);
      if (near != null) {
        timeline.rejected(near, position);
      }
    } else {
      watermarks.filteredRead(record, clock.millis());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
