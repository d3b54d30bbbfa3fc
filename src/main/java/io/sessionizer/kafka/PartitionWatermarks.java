package io.sessionizer.kafka;

import io.sessionizer.records.Provenance;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watermarks of the partitions that one JVM reads for one job, and what it has heard of those
 * that others read. All times are epoch milliseconds.
 *
 * <p>A partition's watermark is its newest event time, or its clock if that is earlier, minus the
 * out-of-orderness, and never goes back. So a device whose clock is fast makes no visit late: until
 * the clock has reached its event time, the watermark moves with the clock. The clock is the time
 * at which the records are read, or, where the broker says when they were appended, that time. It
 * goes on by itself while the partition is caught up, and stands while it lags or nobody can look:
 * what is still to be read there is older than the wall clock says.
 *
 * <p>A partition that is caught up and has been silent for a while is idle: it follows the slowest
 * one that is not, so that it neither holds the others back nor runs ahead of them. When all are
 * idle they go on together at the rate of the wall clock, from the newest event time of all, until
 * every session is closed and past its lateness; no further, so that the visits after a pause in
 * replayed data are not too late because of the pause.
 *
 * <p>Silence is measured up to the last successful look at the end of the partition, not up to now:
 * a broker that cannot be reached is not a silent one.
 *
 * <p>A partition that another JVM reads holds the pipeline by itself, there. What is {@link #heard}
 * of it here, some time later, only says how far an idle partition of this JVM follows, so that it
 * does no harm if it is old, nor if nothing is heard at all. The newest word about a partition
 * counts, be it from here or from elsewhere, since a failure may have moved it; and one that nobody
 * renews holds nothing for ever, since its reader may be gone.
 */
final class PartitionWatermarks {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionWatermarks.class);
  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long END_OF_TIME = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

  /**
   * For how long idle partitions wait for one of which nothing more is heard. Readers are held up
   * by what is behind them for less, and checkpoints are closer to each other.
   */
  private static final long HOLDS_FOR = Duration.ofMinutes(10).toMillis();

  /** After so long without a word from its reader, a partition may be read elsewhere now. */
  private static final long READ_HERE_FOR = Duration.ofSeconds(10).toMillis();

  /** Nobody has looked for so long: an outage. KafkaIO looks every second. */
  private static final long OUTAGE = Duration.ofSeconds(10).toMillis();

  private final WatermarkRules rules;
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();
  private final Map<TopicPartition, PartitionProgress> elsewhere = new HashMap<>();
  private final ReadPositions positions;

  /**
   * How watermarks move.
   *
   * @param maxOutOfOrderness how far a watermark stays behind the newest event time
   * @param idleAfter how long a caught-up partition must be silent to be idle
   * @param horizon how long after a visit its session is closed and takes nothing more
   * @param endsWhenDrained whether a partition without backlog has nothing more to come, ever
   */
  record WatermarkRules(
      Duration maxOutOfOrderness, Duration idleAfter, Duration horizon, boolean endsWhenDrained)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private static final class Partition {
    /** Of all that is known to have been read, also before the checkpoint: says when it is over. */
    private long newestEventTime = NEVER;

    /** Of what was read since the partition was opened. */
    private long newestRead = NEVER;

    private long clock = NEVER;

    /** How far the clock is behind the wall clock. */
    private long clockBehind;

    /** The watermark in the checkpoint. It is no event time: idleness may have moved it. */
    private long restored = NEVER;

    /** Whether the newest event time is made of the restored watermark. */
    private boolean isNewestGuessed;

    private long lastRecordAt;
    private long lookedAt = NEVER;
    private long watermark = NEVER;
    private boolean idle;
    private long knownAt;
    private long resumedAt;

    private PartitionProgress standing() {
      return new PartitionProgress(newestEventTime, lastRecordAt, watermark, idle, knownAt);
    }
  }

  PartitionWatermarks(WatermarkRules rules) {
    this.rules = rules;
    this.positions = new ReadPositions(rules.idleAfter());
  }

  /** Returns how far the partitions were polled. */
  ReadPositions positions() {
    return positions;
  }

  /**
   * Begins, or begins again, to read a partition.
   *
   * @param restored its watermark in the checkpoint that reading goes on from, if there is one. If
   *     it lies before what this JVM has seen already, reading goes back, and what was seen behind
   *     it does not count: it is still to come.
   * @param now the wall clock
   */
  synchronized void open(TopicPartition name, OptionalLong restored, long now) {
    long watermark = restored.orElse(NEVER);
    Partition known = partitions.get(name);
    if (known == null || watermark < known.watermark) {
      Partition partition = new Partition();
      partition.lastRecordAt = now;
      if (isTime(watermark)) {
        partition.restored = watermark;
        partition.isNewestGuessed = known == null || known.isNewestGuessed;
        partition.newestEventTime = watermark + rules.maxOutOfOrderness().toMillis();
      }
      if (known != null) {
        partition.newestEventTime = known.newestEventTime;
      }
      partitions.put(name, partition);
    }
    elsewhere.remove(name);
    positions.forget(name);
    Partition partition = partitions.get(name);
    partition.idle = false;
    partition.knownAt = now;
    partition.watermark = watermark;
    partition.resumedAt = isTime(watermark) ? watermark : Provenance.NOT_RESUMED;
  }

  /** Returns the watermark at which reading a partition was resumed, if it was. */
  synchronized long resumedAt(TopicPartition name) {
    return partitions.get(name).resumedAt;
  }

  /** Returns whether it is unknown which event times were read of a restored partition. */
  synchronized boolean isNewestGuessed(TopicPartition name) {
    Partition partition = partitions.get(name);
    return partition != null && partition.isNewestGuessed;
  }

  /**
   * Takes note of where a restored partition stood, from whoever read it before. The watermark of
   * the checkpoint may be far from its newest event time, ahead of it where the partition was idle
   * and behind it where the clock was: its sessions are over by the event time.
   */
  synchronized void recalled(TopicPartition name, PartitionProgress standing) {
    Partition partition = partitions.get(name);
    boolean isOlder = standing.watermark() < partition.restored;
    partition.newestEventTime =
        isOlder
            ? Math.max(partition.newestEventTime, standing.newestEventTime())
            : Math.max(partition.newestRead, standing.newestEventTime());
    partition.isNewestGuessed = false;
  }

  /**
   * A visit was read.
   *
   * @param clock when it was appended, if the broker says so, else {@code now}
   * @param now the wall clock
   */
  synchronized void visitRead(TopicPartition name, long eventTime, long clock, long now) {
    Partition partition = partitions.get(name);
    partition.newestEventTime = Math.max(partition.newestEventTime, eventTime);
    partition.newestRead = Math.max(partition.newestRead, eventTime);
    recordRead(name, clock, now);
  }

  /**
   * A record was read, and if it is a visit, {@link #visitRead} says so: else it breaks the silence
   * and has no event time.
   *
   * @param clock when it was appended, if the broker says so, else {@code now}
   * @param now the wall clock
   */
  synchronized void recordRead(TopicPartition name, long clock, long now) {
    Partition partition = partitions.get(name);
    partition.lastRecordAt = now;
    partition.knownAt = now;
    partition.clockBehind = now - clock;
    advanceClock(partition, clock);
    if (partition.idle) {
      LOG.info("{} is not idle any more", name);
      partition.idle = false;
    }
  }

  /**
   * Returns the partition's watermark.
   *
   * @param backlog how many records were to be read at {@code checkedAt}, 0 if the partition was
   *     caught up ({@link ReadPositions}); negative if unknown
   * @param checkedAt wall time of the last successful look at the end of the partition
   */
  synchronized long watermark(TopicPartition name, long backlog, long checkedAt) {
    Partition partition = partitions.get(name);
    if (backlog >= 0) {
      forgiveOutage(partition, checkedAt);
    }
    partition.knownAt = Math.max(partition.knownAt, checkedAt);
    if (rules.endsWhenDrained() && backlog == 0) {
      advance(partition, END_OF_TIME);
    }
    boolean caughtUp = backlog == 0;
    if (caughtUp) {
      advanceClock(partition, checkedAt - partition.clockBehind);
    }
    boolean idle =
        !rules.endsWhenDrained()
            && caughtUp
            && checkedAt - partition.lastRecordAt >= rules.idleAfter().toMillis();
    if (idle && !partition.idle) {
      LOG.info(
          "{} is idle: no record since {}", name, Instant.ofEpochMilli(partition.lastRecordAt));
    }
    partition.idle = idle;
    if (partition.idle) {
      advance(partition, followed(checkedAt));
    }
    return partition.watermark;
  }

  /**
   * Time in which nobody looked, because the broker or the job was down, is not silence: whoever
   * writes to the partition may have been kept from it, too.
   */
  private void forgiveOutage(Partition partition, long checkedAt) {
    long unseen = checkedAt - Math.max(partition.lookedAt, partition.lastRecordAt);
    if (partition.lookedAt != NEVER && !partition.idle && unseen >= OUTAGE) {
      partition.lastRecordAt += unseen;
    }
    partition.lookedAt = Math.max(partition.lookedAt, checkedAt);
  }

  /** Returns the last watermark given out for the partition. */
  synchronized long lastWatermark(TopicPartition name) {
    return partitions.get(name).watermark;
  }

  /** Returns where a partition that was opened here stands. */
  synchronized Optional<PartitionProgress> standing(TopicPartition name) {
    return Optional.ofNullable(partitions.get(name)).map(Partition::standing);
  }

  /** Takes note of where a partition stands, from whoever reads it. */
  synchronized void heard(TopicPartition name, PartitionProgress standing) {
    elsewhere.put(name, standing);
  }

  /** Returns whether a partition that was opened here is idle. */
  synchronized boolean isIdle(TopicPartition name) {
    Partition partition = partitions.get(name);
    return partition != null && partition.idle;
  }

  /** Returns whether a partition is read here, as far as one can tell. */
  synchronized boolean isReadHere(TopicPartition name, long now) {
    Partition partition = partitions.get(name);
    return partition != null && now - partition.knownAt <= READ_HERE_FOR;
  }

  private long followed(long now) {
    long slowest = END_OF_TIME;
    long newest = NEVER;
    long silentSince = NEVER;
    boolean allIdle = true;
    Map<TopicPartition, PartitionProgress> standings = newestStandings();
    for (PartitionProgress standing : standings.values()) {
      if (!standing.idle() && now - standing.knownAt() <= HOLDS_FOR) {
        allIdle = false;
        slowest = Math.min(slowest, standing.watermark());
      }
      newest = Math.max(newest, standing.newestEventTime());
      silentSince = Math.max(silentSince, standing.lastRecordAt());
    }
    if (!allIdle) {
      return slowest;
    }
    if (newest == NEVER) {
      return NEVER;
    }
    return Math.min(
        stoodAt(standings, silentSince) + Math.max(0, now - silentSince),
        newest + rules.horizon().toMillis());
  }

  /** Returns the watermark of all partitions together when the silence began. */
  private long stoodAt(Map<TopicPartition, PartitionProgress> standings, long silentSince) {
    long maxOutOfOrderness = rules.maxOutOfOrderness().toMillis();
    long stoodAt = NEVER;
    for (Map.Entry<TopicPartition, PartitionProgress> entry : standings.entrySet()) {
      // What others read is taken to be appended when they read it.
      Partition here = partitions.get(entry.getKey());
      long restored = here == null ? NEVER : here.restored + maxOutOfOrderness;
      long clock = silentSince - (here == null ? 0 : here.clockBehind);
      long newest = Math.max(entry.getValue().newestEventTime(), restored);
      stoodAt = Math.max(stoodAt, Math.min(newest, clock) - maxOutOfOrderness);
    }
    return stoodAt;
  }

  private Map<TopicPartition, PartitionProgress> newestStandings() {
    Map<TopicPartition, PartitionProgress> newest = new HashMap<>(elsewhere);
    partitions.forEach(
        (name, partition) ->
            newest.merge(
                name,
                partition.standing(),
                (there, here) -> there.knownAt() > here.knownAt() ? there : here));
    return newest;
  }

  private static boolean isTime(long watermark) {
    return watermark > NEVER && watermark < END_OF_TIME;
  }

  private void advanceClock(Partition partition, long to) {
    partition.clock = Math.max(partition.clock, to);
    if (partition.newestRead != NEVER) {
      advance(
          partition,
          Math.min(partition.newestRead, partition.clock) - rules.maxOutOfOrderness().toMillis());
    }
  }

  private static void advance(Partition partition, long to) {
    partition.watermark = Math.max(partition.watermark, to);
  }
}
