package io.sessionizer.kafka;

import io.sessionizer.config.CountedNoun;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.sessions.EarlierJob;
import java.io.Serializable;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The offsets at which a job starts that reads again what an earlier one has read, and the sessions
 * that it leaves as they are.
 *
 * @param starts the offset of the first record to read, of every partition; empty if nothing is
 *     read again
 * @param committed the offsets of the earlier job's consumer group; they never go back
 * @param completeFrom sessions that start earlier may lack visits before the first record that is
 *     read; null if none does
 * @param writtenUntil the earlier job has written the sessions whose last visit is before this;
 *     null if it has written all that start before {@code completeFrom}
 * @param watermark at which the sessions that are left are complete; null if none is left
 * @param isTopicShorter whether the topic no longer has all visits of the sessions that were open
 */
public record Rewind(
    HashMap<TopicPartition, Long> starts,
    HashMap<TopicPartition, CommittedOffset> committed,
    @Nullable Instant completeFrom,
    @Nullable Instant writtenUntil,
    @Nullable Instant watermark,
    boolean isTopicShorter)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The rewind of a job that reads nothing again. */
  public static final Rewind NONE = of(Map.of(), Map.of(), null, null);

  /** Returns a rewind by which no session is cut off that the earlier job has not written. */
  public static Rewind of(
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, CommittedOffset> committed,
      @Nullable Instant completeFrom,
      @Nullable Instant watermark) {
    return new Rewind(
        new HashMap<>(starts), new HashMap<>(committed), completeFrom, null, watermark, false);
  }

  /** Returns whether there is no earlier job, of which anything is known. */
  public boolean isNone() {
    return starts.isEmpty();
  }

  /**
   * Returns whether a session is left as the earlier job wrote it. One that does not end with a gap
   * is not: it may be part of a run of visits without gaps that the earlier job had not written all
   * of.
   */
  public boolean leaves(SessionRecord change) {
    return completeFrom != null
        && change.startMillis() < completeFrom.toEpochMilli()
        && !change.endsWithoutGap()
        && (writtenUntil == null || change.endMillis() < writtenUntil.toEpochMilli());
  }

  /** Returns what is known of the earlier job without its topics of output. */
  public EarlierJob earlierJob() {
    if (isNone()) {
      return EarlierJob.NONE;
    }
    EarlierJob earlier =
        new EarlierJob(
            watermark == null ? Long.MIN_VALUE : watermark.toEpochMilli(),
            completeFrom == null || isTopicShorter ? Long.MIN_VALUE : completeFrom.toEpochMilli());
    starts.forEach(
        (partition, start) ->
            earlier.addPartition(
                partition.topic(),
                partition.partition(),
                start,
                unprocessedFrom(partition).orElse(start)));
    return earlier;
  }

  /**
   * Returns the first offset of a partition whose visit the earlier job may not have processed;
   * empty if the partition is not known.
   */
  Optional<Long> unprocessedFrom(TopicPartition partition) {
    return Optional.ofNullable(starts.get(partition))
        .map(start -> committed.getOrDefault(partition, CommittedOffset.of(start)).flushed());
  }

  /** Returns how many records are read again. */
  long count() {
    return committed.entrySet().stream()
        .mapToLong(
            entry ->
                entry.getValue().offset()
                    - starts.getOrDefault(entry.getKey(), entry.getValue().offset()))
        .sum();
  }

  /** Returns where to start in those of {@code partitions} of which it is known. */
  Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> known = new HashMap<>(starts);
    known.keySet().retainAll(partitions);
    return known;
  }

  /**
   * Returns the offset to commit: {@code offset}, or that of the earlier job if it is further. If
   * the group's offsets went back, a job that fails while it reads again would be rewound from an
   * ever earlier offset.
   */
  CommittedOffset notBack(TopicPartition partition, CommittedOffset offset) {
    CommittedOffset earlier = committed.get(partition);
    return earlier == null
        ? offset
        : new CommittedOffset(
            Math.max(offset.offset(), earlier.offset()),
            Math.max(offset.flushed(), earlier.flushed()));
  }

  /** One line for the log. */
  @Override
  public String toString() {
    if (isNone()) {
      return "nothing is read again";
    }
    Map<String, String> partitions = new TreeMap<>();
    starts.forEach(
        (partition, start) ->
            partitions.put(
                partition.toString(),
                committed.containsKey(partition)
                    ? start + " (committed: " + committed.get(partition).offset() + ")"
                    : start + " (nothing committed)"));
    return "reads %s again, from %s; %s"
        .formatted(CountedNoun.inLog(count(), "record"), partitions, cutOff());
  }

  private String cutOff() {
    if (completeFrom == null) {
      return "no session is cut off by that";
    }
    boolean isOneTopic =
        starts.keySet().stream().map(TopicPartition::topic).distinct().count() == 1;
    return isTopicShorter
        ? "%s all visits of the sessions that were open: those that start before %s may be cut off"
            .formatted(
                isOneTopic ? "the topic no longer has" : "the topics no longer have", completeFrom)
        : "sessions that start before %s are left as they are".formatted(completeFrom);
  }
}
