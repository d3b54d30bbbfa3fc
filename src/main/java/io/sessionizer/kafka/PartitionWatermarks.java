package io.sessionizer.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watermarks of the partitions that one JVM reads for one job ({@link PartitionWatermark}), and
 * the progress of those that other JVMs read. All times are epoch milliseconds. Thread-safe.
 *
 * <p>A partition that is caught up and had no visit for a while is idle: it follows the slowest one
 * that is not, so that it neither delays the others nor runs ahead of them. When all are idle they
 * advance together at the rate of the wall clock, from the newest event time of all, until every
 * session is closed and past its lateness; no further, so that the visits after a pause in replayed
 * data are not too late because of the pause.
 *
 * <p>For example, with an out-of-orderness of one minute and a horizon of 31 minutes, the newest
 * event time of all is 10:00. A minute after the last record the watermark is 10:00, 32 minutes
 * after it 10:31, where it stays.
 *
 * <p>Silence is measured up to the last successful check of the end of the partition, not up to
 * now: a broker that cannot be reached is not a silent one.
 *
 * <p>A partition that another JVM reads holds back the watermark there. Its progress is {@link
 * #received} here some time later, and only limits how far an idle partition of this JVM follows,
 * so an old or missing report does no harm. The newest report about a partition overrides others,
 * be it from here or from elsewhere, since a failure may have moved the partition; and a report
 * that is not renewed expires, since the reader may be gone.
 */
final class PartitionWatermarks {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionWatermarks.class);

  /**
   * How long idle partitions wait for one whose progress is not reported any more. Backpressure
   * blocks readers for less, and checkpoints are closer to each other.
   */
  private static final long REPORT_EXPIRY = Duration.ofMinutes(10).toMillis();

  /** After so long without progress in this JVM, another one may read a partition. */
  private static final long READ_HERE_EXPIRY = Duration.ofSeconds(10).toMillis();

  private final WatermarkRules rules;
  private final Map<TopicPartition, PartitionWatermark> partitions = new HashMap<>();
  private final Map<TopicPartition, PartitionProgress> peers = new HashMap<>();

  PartitionWatermarks(WatermarkRules rules) {
    this.rules = rules;
  }

  /**
   * Opens a partition, or opens it again.
   *
   * @param restored its watermark in the checkpoint that is resumed, if there is one
   * @param now the wall clock
   */
  synchronized void open(TopicPartition name, OptionalLong restored, long now) {
    long watermark = restored.orElse(PartitionWatermark.NONE);
    PartitionWatermark known = partitions.get(name);
    partitions.put(
        name,
        known == null
            ? PartitionWatermark.open(rules, watermark, now)
            : known.reopen(watermark, now));
    peers.remove(name);
  }

  /** Returns the watermark at which reading a partition was resumed, if it was. */
  synchronized long resumedAt(TopicPartition name) {
    return opened(name).resumedAt();
  }

  /** Returns whether it is unknown which event times were read of a restored partition. */
  synchronized boolean isNewestEstimated(TopicPartition name) {
    PartitionWatermark partition = partitions.get(name);
    return partition != null && partition.isNewestEstimated();
  }

  /**
   * Restores the newest event time of a partition from what its previous reader reported. The
   * watermark of the checkpoint may be far from it, ahead of it where the partition was idle and
   * behind it where the clock was: sessions are closed by the event time.
   */
  synchronized void restore(TopicPartition name, PartitionProgress progress) {
    opened(name).restore(progress);
  }

  /**
   * A visit was read.
   *
   * @param clock when it was appended, if the broker says so, else {@code now}
   * @param now the wall clock
   */
  synchronized void visitRead(TopicPartition name, long eventTime, long clock, long now) {
    opened(name).visitRead(eventTime);
    recordRead(name, clock, now);
  }

  /**
   * A record was rejected: it ends the silence and has no event time.
   *
   * @param clock when it was appended, if the broker says so, else {@code now}
   * @param now the wall clock
   */
  synchronized void recordRead(TopicPartition name, long clock, long now) {
    if (opened(name).recordRead(clock, now)) {
      LOG.info("{} is not idle any more", name);
    }
  }

  /**
   * A record was read that the format's condition leaves out: it does not end the silence, since
   * visits are meant by that.
   *
   * @param clock when it was appended, if the broker says so, else {@code now}
   * @param now the wall clock
   */
  synchronized void filteredRead(TopicPartition name, long clock, long now) {
    opened(name).filteredRead(clock, now);
  }

  /**
   * Returns the watermark of a partition.
   *
   * @param backlog how many records were to be read at {@code checkedAt}, 0 if the partition was
   *     caught up ({@link ReadPositions}); negative if unknown
   * @param checkedAt wall time of the last successful check of the end of the partition
   */
  synchronized long watermark(TopicPartition name, long backlog, long checkedAt) {
    PartitionWatermark partition = opened(name);
    partition.checked(backlog, checkedAt);
    if (partition.isIdle()) {
      if (partition.reportsSilence()) {
        LOG.info(
            "{} is idle: no visit since {}", name, Instant.ofEpochMilli(partition.lastRecordAt()));
      }
      // The end was checked before these records were appended.
      if (!partition.hasPolled()) {
        partition.advance(idleWatermark(checkedAt));
      }
    }
    return partition.current();
  }

  /**
   * Returns the latest watermark that a partition can have when records are handed over that are
   * polled now. From now on it is not idle, until they are.
   *
   * @param newestPolled the newest event time of the visits in batches that were polled before
   */
  synchronized long latestAtHandover(TopicPartition name, long newestPolled) {
    return opened(name).latestAtHandover(newestPolled);
  }

  /**
   * Records of a partition were polled, if any were.
   *
   * @param next the offset behind the last of them, as KafkaIO counts
   */
  synchronized void polled(TopicPartition name, OptionalLong next) {
    opened(name).polled(next);
  }

  /**
   * Records of a partition were handed over.
   *
   * @param next the offset behind the last of them, as KafkaIO counts
   */
  synchronized void handedOver(TopicPartition name, long next) {
    opened(name).handedOver(next);
  }

  /** Returns the last watermark of a partition. */
  synchronized long lastWatermark(TopicPartition name) {
    return opened(name).current();
  }

  /** Returns the progress of a partition, if it was opened here. */
  synchronized Optional<PartitionProgress> progress(TopicPartition name) {
    return Optional.ofNullable(partitions.get(name)).map(PartitionWatermark::progress);
  }

  /** Adds a report about a partition from the JVM that reads it. */
  synchronized void received(TopicPartition name, PartitionProgress progress) {
    peers.put(name, progress);
  }

  /** Returns whether a partition that was opened here is idle. */
  synchronized boolean isIdle(TopicPartition name) {
    PartitionWatermark partition = partitions.get(name);
    return partition != null && partition.isIdle();
  }

  /** Returns whether a partition is read here, as far as is known. */
  synchronized boolean isReadHere(TopicPartition name, long now) {
    PartitionWatermark partition = partitions.get(name);
    return partition != null && now - partition.progress().asOf() <= READ_HERE_EXPIRY;
  }

  private PartitionWatermark opened(TopicPartition name) {
    return Objects.requireNonNull(partitions.get(name), "a partition is opened before it is read");
  }

  /** Returns the watermark that idle partitions follow. */
  private long idleWatermark(long now) {
    long slowest = PartitionWatermark.END_OF_TIME;
    long newest = PartitionWatermark.NONE;
    long silentSince = PartitionWatermark.NONE;
    boolean allIdle = true;
    Map<TopicPartition, PartitionProgress> reports = newestReports();
    for (PartitionProgress report : reports.values()) {
      if (!report.idle() && now - report.asOf() <= REPORT_EXPIRY) {
        allIdle = false;
        slowest = Math.min(slowest, report.watermark());
      }
      newest = Math.max(newest, report.newestEventTime());
      silentSince = Math.max(silentSince, report.lastRecordAt());
    }
    if (!allIdle) {
      return slowest;
    }
    if (newest == PartitionWatermark.NONE) {
      return PartitionWatermark.NONE;
    }
    return Math.min(
        watermarkAtSilence(reports, silentSince) + Math.max(0, now - silentSince),
        newest + rules.horizon().toMillis());
  }

  /** Returns the watermark of all partitions together when the silence began. */
  private long watermarkAtSilence(
      Map<TopicPartition, PartitionProgress> reports, long silentSince) {
    return reports.entrySet().stream()
        .mapToLong(
            report -> {
              long newestEventTime = report.getValue().newestEventTime();
              PartitionWatermark here = partitions.get(report.getKey());
              // What other JVMs read is assumed to be appended when they read it.
              return here == null
                  ? Math.min(newestEventTime, silentSince) - rules.maxOutOfOrderness().toMillis()
                  : here.atSilence(newestEventTime, silentSince);
            })
        .max()
        .orElse(PartitionWatermark.NONE);
  }

  private Map<TopicPartition, PartitionProgress> newestReports() {
    Map<TopicPartition, PartitionProgress> newest = new HashMap<>(peers);
    partitions.forEach(
        (name, partition) ->
            newest.merge(
                name,
                partition.progress(),
                (there, here) -> there.asOf() > here.asOf() ? there : here));
    return newest;
  }
}
