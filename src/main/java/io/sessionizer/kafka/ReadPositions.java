package io.sessionizer.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the readers of one JVM have polled the partitions of a job. The consumer that polls, the
 * one that looks at the ends of the partitions and the timestamp policy are in threads of their own
 * and meet here.
 *
 * <p>A partition is caught up when all that was polled has been handed to the pipeline and the
 * consumer's position is the end of the log. KafkaIO computes the backlog as the end of the log
 * less the offset behind the last record that it has handed over. But the last offsets of a log may
 * hold no record that is ever handed over: a transaction's marker, an aborted record, a deleted
 * one. So the end reported to KafkaIO is the offset behind the last record polled, plus what the
 * position is short of the end.
 *
 * <p>For example, two records are polled from a log that ends at 4 with two markers. The position
 * is 4, the end reported is 2, and the backlog is 0 as soon as both records are handed over.
 */
final class ReadPositions {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPositions.class);
  private static final long UNKNOWN = -1;
  private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toMillis();

  private final Duration patience;
  private final Map<TopicPartition, Polled> polled = new HashMap<>();
  private final Map<TopicPartition, Waiting> waiting = new HashMap<>();
  private final Map<TopicPartition, Losses> losses = new HashMap<>();
  private final Map<TopicPartition, Loss> lastLoss = new HashMap<>();
  private int partitions = Integer.MAX_VALUE;
  private int warnedOfPartitions;

  /**
   * What was polled of a partition.
   *
   * @param position the consumer's position; empty while it is not known
   * @param next the offset behind the last record polled, as KafkaIO counts ({@link TopicOffset})
   * @param atStableEnd whether there was nothing behind the position that the consumer may read
   */
  record Polled(OptionalLong position, long next, boolean atStableEnd) {}

  /** Where an open transaction keeps the consumer, since when, and when it was last logged. */
  private record Waiting(long position, long since, long warnedAt) {}

  /**
   * What was lost of a partition.
   *
   * @param records how many records were deleted before they were read
   * @param restarts how often reading went back because the topic was created anew or truncated
   */
  record Losses(long records, int restarts) {
    static final Losses NONE = new Losses(0, 0);

    Losses plus(Losses other) {
      return new Losses(records + other.records, restarts + other.restarts);
    }
  }

  /** What was lost in a topic ({@link TopicOffset#topic}), as it is logged. */
  record Loss(int topic, String message) {}

  /**
   * Creates positions of nothing yet.
   *
   * @param patience how long an open transaction may keep a consumer waiting before it is logged
   */
  ReadPositions(Duration patience) {
    this.patience = patience;
  }

  /** Begins, or begins again, to read a partition: nothing is known of its position. */
  synchronized void forget(TopicPartition partition) {
    polled.remove(partition);
  }

  /** Takes note of what was polled of a partition. */
  synchronized void polled(TopicPartition partition, Polled now) {
    polled.put(partition, now);
    notifyAll();
  }

  /** Waits until partitions were polled, or for some time. */
  synchronized void awaitPolled(Collection<TopicPartition> partitions, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (!polled.keySet().containsAll(partitions) && deadline - System.nanoTime() > 0) {
        wait(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Returns the ends to report to KafkaIO; -1 if one is not known.
   *
   * @param ends the ends of the logs, open transactions included
   * @param limits the offsets up to which the job reads; empty if it has no end
   * @param now the wall clock
   */
  synchronized Map<TopicPartition, Long> endsToReport(
      Map<TopicPartition, Long> ends, Map<TopicPartition, Long> limits, long now) {
    Map<TopicPartition, Long> reported = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          long limit = limits.isEmpty() ? end : limits.getOrDefault(partition, 0L);
          reported.put(partition, endToReport(partition, end, Math.min(end, limit), now));
        });
    return reported;
  }

  private long endToReport(TopicPartition partition, long end, long readTo, long now) {
    Polled last = polled.get(partition);
    // Behind the end is a position in a log that is gone, or one that is newer than the end.
    if (last == null || last.position().orElse(Long.MAX_VALUE) > end) {
      return UNKNOWN;
    }
    long position = last.position().getAsLong();
    long unread = Math.max(0, readTo - position);
    if (unread > 0 && last.atStableEnd()) {
      waits(partition, position, now);
    } else {
      waiting.remove(partition);
    }
    return last.next() + unread;
  }

  /** What is behind the end for the consumer is behind an open transaction. */
  private void waits(TopicPartition partition, long position, long now) {
    Waiting before = waiting.get(partition);
    if (before == null || before.position() != position) {
      waiting.put(partition, new Waiting(position, now, Long.MIN_VALUE));
    } else if (now - before.since() >= patience.toMillis()
        && (before.warnedAt() == Long.MIN_VALUE || now - before.warnedAt() >= BETWEEN_WARNINGS)) {
      LOG.warn(
          "{}: a transaction that is open since {} or longer hides the records from offset {} on and"
              + " holds back the watermark; if its producer is gone, find and abort it with"
              + " kafka-transactions.sh",
          partition,
          Instant.ofEpochMilli(before.since()),
          position);
      waiting.put(partition, new Waiting(position, before.since(), now));
    }
  }

  /** Takes note of how many partitions the topic has now. */
  synchronized void exist(int now) {
    partitions = now;
  }

  /** Returns whether the topic was created anew without a partition that it had before. */
  synchronized boolean isMissing(TopicPartition partition) {
    return partition.partition() >= partitions;
  }

  /** Returns the offset behind the last record polled, as KafkaIO counts. */
  synchronized long next(TopicPartition partition) {
    Polled last = polled.get(partition);
    return last == null ? UNKNOWN : last.next();
  }

  /** Takes note of losses; returns whether they are others than the last ones of the partition. */
  synchronized boolean lost(TopicPartition partition, Losses more, Loss loss) {
    if (loss.equals(lastLoss.put(partition, loss))) {
      return false;
    }
    losses.merge(partition, more, Losses::plus);
    return true;
  }

  /** Returns the losses of a partition since they were last taken, once. */
  synchronized Losses takeLosses(TopicPartition partition) {
    Losses taken = losses.remove(partition);
    return taken == null ? Losses.NONE : taken;
  }

  /** Returns whether it is the first time that the topic was found to have so many partitions. */
  synchronized boolean isNews(int now) {
    boolean isNews = now != warnedOfPartitions;
    warnedOfPartitions = now;
    return isNews;
  }
}
