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
 * How far the readers of one JVM have polled the partitions of a job. The consumer that polls and
 * the one that checks the ends of the partitions are in threads of their own. Thread-safe.
 *
 * <p>A partition is caught up when all that was polled has been handed to the pipeline and the
 * consumer's position is the end of the log. KafkaIO computes the backlog as the end of the log
 * minus the offset behind the last record that it has handed over. But the last offsets of a log
 * may have no record that is ever handed over: a transaction's marker, an aborted record, a deleted
 * one. So the end reported to KafkaIO is the offset behind the last record polled, plus the
 * distance of the position from the end.
 *
 * <p>For example, two records are polled from a log that ends at 4 with two markers. The position
 * is 4, the end reported is 2, and the backlog is 0 as soon as both records are handed over.
 */
final class ReadPositions {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPositions.class);
  private static final long UNKNOWN = -1;
  private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toMillis();

  private final Duration transactionTimeout;
  private final Map<TopicPartition, Polled> polled = new HashMap<>();
  private final Map<TopicPartition, OpenTransaction> openTransactions = new HashMap<>();

  /**
   * How far a partition was polled.
   *
   * @param position the consumer's position; empty while it is not known
   * @param next the offset behind the last record polled, as KafkaIO counts ({@link TopicOffset})
   * @param atStableEnd whether there was nothing behind the position that the consumer may read
   */
  record Polled(OptionalLong position, long next, boolean atStableEnd) {}

  /** An open transaction that blocks the consumer: where, since when, and when it was logged. */
  private record OpenTransaction(long position, long since, long warnedAt) {}

  /**
   * Creates positions of no partition yet.
   *
   * @param transactionTimeout how long an open transaction may block a consumer before it is logged
   */
  ReadPositions(Duration transactionTimeout) {
    this.transactionTimeout = transactionTimeout;
  }

  /** A partition was opened, perhaps again: its position is not known. */
  synchronized void reset(TopicPartition partition) {
    polled.remove(partition);
  }

  /** A partition was polled. */
  synchronized void polled(TopicPartition partition, Polled now) {
    polled.put(partition, now);
    notifyAll();
  }

  /** Waits until partitions were polled, or for some time. */
  synchronized void waitUntilPolled(Collection<TopicPartition> partitions, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (!polled.keySet().containsAll(partitions) && deadline - System.nanoTime() > 0) {
        wait(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Waits until something was polled that was not handed over, or for some time.
   *
   * @param handedOver the offset behind the last record handed over, as KafkaIO counts
   * @return whether something was polled
   */
  synchronized boolean waitUntilPolledBehind(
      Map<TopicPartition, Long> handedOver, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (!isPolledBehind(handedOver) && deadline - System.nanoTime() > 0) {
        wait(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return isPolledBehind(handedOver);
  }

  private boolean isPolledBehind(Map<TopicPartition, Long> handedOver) {
    return handedOver.entrySet().stream()
        .anyMatch(
            partition -> {
              Polled last = polled.get(partition.getKey());
              return last != null && last.next() != partition.getValue();
            });
  }

  /**
   * Returns the ends to report to KafkaIO; -1 if one is not known.
   *
   * @param ends the ends of the logs, open transactions included
   * @param stop where reading stops
   * @param now the wall clock
   */
  synchronized Map<TopicPartition, Long> endsToReport(
      Map<TopicPartition, Long> ends, StoppingOffsets stop, long now) {
    Map<TopicPartition, Long> reported = new HashMap<>();
    ends.forEach(
        (partition, end) ->
            reported.put(
                partition, endToReport(partition, end, Math.min(end, stop.of(partition)), now)));
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
      blocked(partition, position, now);
    } else {
      openTransactions.remove(partition);
    }
    return last.next() + unread;
  }

  /** Records that the consumer may not read are behind an open transaction. */
  private void blocked(TopicPartition partition, long position, long now) {
    OpenTransaction open = openTransactions.get(partition);
    if (open == null || open.position() != position) {
      openTransactions.put(partition, new OpenTransaction(position, now, Long.MIN_VALUE));
    } else if (now - open.since() >= transactionTimeout.toMillis()
        && (open.warnedAt() == Long.MIN_VALUE || now - open.warnedAt() >= BETWEEN_WARNINGS)) {
      LOG.warn(
          "{}: a transaction that is open since {} or longer hides the records from offset {} on"
              + " and holds back the watermark; if its producer is gone, find and abort it with"
              + " kafka-transactions.sh",
          partition,
          Instant.ofEpochMilli(open.since()),
          position);
      openTransactions.put(partition, new OpenTransaction(position, open.since(), now));
    }
  }

  /** Returns the offset behind the last record polled, as KafkaIO counts. */
  synchronized long next(TopicPartition partition) {
    Polled last = polled.get(partition);
    return last == null ? UNKNOWN : last.next();
  }
}
