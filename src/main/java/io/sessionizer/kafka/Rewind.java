package io.sessionizer.kafka;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.SessionChange;
import io.sessionizer.records.SessionChange.Upsert;
import java.io.Serializable;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a job begins that reads again what an earlier one has read, and what it leaves as it is.
 *
 * @param begins the offset of the first record to read, of every partition; empty if nothing is
 *     read again
 * @param committed the offsets of the earlier job's consumer group; they are not to go back
 * @param wholeFrom sessions that begin earlier may have begun before the first record that is read;
 *     null if none has
 */
public record Rewind(
    HashMap<TopicPartition, Long> begins,
    HashMap<TopicPartition, CommittedOffset> committed,
    @Nullable Instant wholeFrom)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a job that begins where it is told to, and leaves nothing as it is. */
  public static final Rewind NONE = of(Map.of(), Map.of(), null);

  public static Rewind of(
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, CommittedOffset> committed,
      @Nullable Instant wholeFrom) {
    return new Rewind(new HashMap<>(begins), new HashMap<>(committed), wholeFrom);
  }

  /**
   * Whether a session is left as the earlier job wrote it. One without a gap at its end is not: it
   * may be part of visits that go on and on, and then the earlier job had not written all of them.
   */
  boolean leaves(SessionChange change) {
    return wholeFrom != null
        && change.startMillis() < wholeFrom.toEpochMilli()
        && !(change instanceof Upsert upsert && upsert.endReason() != EndReason.INACTIVITY);
  }

  /** Returns where to begin in those of {@code partitions} of which it is known. */
  Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> ours = new HashMap<>(begins);
    ours.keySet().retainAll(partitions);
    return ours;
  }

  /**
   * Returns what to commit: {@code offset}, but nothing that the earlier job had passed. Were the
   * group's offsets to go back, a job that fails on the way there would be rewound from an ever
   * earlier place.
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
    if (begins.isEmpty()) {
      return "the group has committed no offsets: everything is read, from the beginning";
    }
    Map<String, String> partitions = new TreeMap<>();
    begins.forEach(
        (partition, begin) ->
            partitions.put(
                partition.toString(),
                committed.containsKey(partition)
                    ? begin + " (committed: " + committed.get(partition).offset() + ")"
                    : begin + " (nothing committed)"));
    return "reads again from %s; %s"
        .formatted(
            partitions,
            wholeFrom == null
                ? "no session is cut off by that"
                : "sessions that begin before " + wholeFrom + " are left as they are");
  }
}
