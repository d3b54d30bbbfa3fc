package io.sessionizer.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides which visits keep their record as it was read: all that may be too late when they are
 * consumed. Of one reader; not thread-safe. All times are epoch milliseconds.
 *
 * <p>A visit is polled, and then waits to be handed to the pipeline; meanwhile the watermark of its
 * partition may advance. It is consumed at a watermark that was emitted before that. So it may be
 * too late by the latest watermark of these ({@link PartitionWatermarks#latestAtHandover}):
 *
 * <ul>
 *   <li>that of the moment at which it is polled;
 *   <li>that of the newest visit which was polled before it, in an earlier batch;
 *   <li>the one at which an earlier job has stopped, unless that has processed the visit ({@link
 *       Rewind}).
 * </ul>
 *
 * <p>It may also be before what has expired by another gap or lateness than those of a resumed job;
 * that is before the watermark at which reading was resumed.
 *
 * <p>For example, with an out-of-orderness of one minute and a horizon of 31 minutes, the watermark
 * is 10:00 while a batch is polled whose newest visit is of 10:40, and then another one with a
 * visit of 10:08. The second is handed over at a watermark of 10:39 at the latest: the visit keeps
 * its record.
 */
final class OriginalRecords {
  private final long horizonMillis;
  private final UUID jobId;
  private final Rewind rewind;
  private final Map<TopicPartition, Long> newestPolled = new HashMap<>();
  private Set<TopicPartition> polling = Set.of();
  private boolean isLimitKnown;

  /** The limit of all partitions together, as far as they are polled. */
  private long limit;

  /**
   * The visits of a batch that keep their record.
   *
   * @param before those before this
   * @param unprocessedFrom the first offset that an earlier job has not processed
   * @param unprocessedBefore those before this, from that offset on
   */
  record Limit(long before, long unprocessedFrom, long unprocessedBefore) {
    /** Whether a visit keeps its record. */
    boolean contains(long offset, long eventTime) {
      return eventTime < before || (eventTime < unprocessedBefore && offset >= unprocessedFrom);
    }
  }

  /**
   * Creates one that has polled nothing.
   *
   * @param horizon how far behind the watermark a visit is too late
   * @param jobId the job to whose progress the reader's partitions belong
   * @param rewind what the job reads again
   */
  OriginalRecords(Duration horizon, UUID jobId, Rewind rewind) {
    this.horizonMillis = horizon.toMillis();
    this.jobId = jobId;
    this.rewind = rewind;
  }

  /** Starts to poll partitions. */
  void startPoll(Set<TopicPartition> partitions) {
    polling = Set.copyOf(partitions);
    isLimitKnown = false;
  }

  /**
   * Whether a visit that is being polled keeps its record until its partition is known. Others do
   * not, and have no {@link Limit}.
   */
  boolean mayKeep(long eventTime) {
    if (!isLimitKnown) {
      limit = polling.stream().mapToLong(this::limitOfAny).max().orElse(Long.MAX_VALUE);
      isLimitKnown = true;
    }
    boolean isKept = eventTime < limit;
    limit = Math.max(limit, tooLateBefore(eventTime));
    return isKept;
  }

  private long limitOfAny(TopicPartition partition) {
    Limit ofPartition = limit(partition);
    return Math.max(ofPartition.before(), ofPartition.unprocessedBefore());
  }

  /** Returns the visits of the next batch of a partition that keep their record. */
  Limit limit(TopicPartition partition) {
    return JvmProgress.of(jobId)
        .map(progress -> limit(partition, progress.watermarks()))
        .orElse(new Limit(Long.MAX_VALUE, 0, 0));
  }

  private Limit limit(TopicPartition partition, PartitionWatermarks watermarks) {
    long newest = newestPolled.getOrDefault(partition, PartitionWatermark.NONE);
    long before = tooLateBefore(watermarks.latestAtHandover(partition, newest));
    Instant earlier = rewind.watermark();
    Optional<Long> unprocessedFrom = rewind.unprocessedFrom(partition);
    return new Limit(
        Math.max(before, watermarks.resumedAt(partition)),
        unprocessedFrom.orElse(Long.MAX_VALUE),
        earlier == null || unprocessedFrom.isEmpty()
            ? Long.MIN_VALUE
            : tooLateBefore(earlier.toEpochMilli()));
  }

  /** Returns the first event time that is not too late at a watermark. */
  private long tooLateBefore(long watermark) {
    return watermark - horizonMillis + 1;
  }

  /** A batch of a partition was polled. */
  void batchPolled(TopicPartition partition, long newestEventTime) {
    newestPolled.merge(partition, newestEventTime, Math::max);
  }

  /** The poll has ended; {@code batches} are handed over next, with numbers as offsets. */
  void endPoll(ConsumerRecords<byte[], byte[]> batches) {
    Optional<JvmProgress> progress = JvmProgress.of(jobId);
    for (TopicPartition partition : polling) {
      List<ConsumerRecord<byte[], byte[]>> polled = batches.records(partition);
      OptionalLong next =
          polled.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(polled.get(polled.size() - 1).offset() + 1);
      progress.ifPresent(all -> all.watermarks().polled(partition, next));
    }
  }
}
