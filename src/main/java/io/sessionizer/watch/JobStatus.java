package io.sessionizer.watch;

import io.sessionizer.kafka.PartitionProgress;
import io.sessionizer.kafka.TopicPartitions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The state of a job, as far as a reader of its topics can know it: from the offsets that its
 * consumer group commits, and from the records that it writes. Both are its reports. A job without
 * new visits need not report anything, so only visits that follow the last report show that a job
 * may have stopped, unless it used to commit without visits as well. All times are epoch
 * milliseconds of this machine's clock. Thread-safe.
 *
 * <p>For example, visits arrive all the time, the last commit is seen at 12:03:10, and the clock is
 * at 12:03:30: the job was {@link State#SEEN}. At 12:03:41 it is {@link State#NOT_SEEN} since
 * 12:03:10.
 */
final class JobStatus {
  /** How long a job may take to report visits, unless it usually takes longer. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration MOST_PATIENCE = Duration.ofMinutes(5);

  /** How far the clock of a job may be ahead of this one. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** How many of the last delays decide how long a job may take. */
  private static final int DELAYS = 10;

  /** How many commits without visits show that the job commits at all times. */
  private static final int IDLE_COMMITS = 2;

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final String group;
  private final SortedMap<TopicPartition, PartitionLag> partitions =
      new TreeMap<>(TopicPartitions.ORDER);

  /** The metadata of the committed offsets, which changes although the offset does not. */
  private final Map<TopicPartition, String> metadata = new HashMap<>();

  /** How long visits waited for a report. */
  private final Deque<Long> delays = new ArrayDeque<>();

  private String groupProblem = "";
  private long lastResponse = NEVER;
  private long firstResponse = NEVER;
  private boolean brokerResponds = true;

  /** When the broker responded again after an outage. */
  private long backSince = NEVER;

  private long lastCommit = NEVER;
  private long lastResult = NEVER;
  private long lastGrowth = NEVER;
  private String job = "";
  private int idleCommits;
  private long newestVisit = NEVER;

  /** When the first visit after the last report was seen. */
  private long waitingSince = NEVER;

  /** Whether the job was not seen since its last report, which only another report changes. */
  private boolean isMissing;

  /** A state of a job; the page explains each in a sentence. */
  enum State {
    /** No response of the broker yet. */
    CONNECTING,
    /** The broker does not respond. */
    BROKER_AWAY,
    /** The visits topic has no record. */
    NO_VISITS,
    /**
     * Visits were written after the last report, and the job had time to report them; or it used to
     * commit without visits, and no longer does.
     */
    NOT_SEEN,
    /** Visits were written after the last report, a short time ago. */
    REPORT_EXPECTED,
    /** The last report is new. */
    SEEN,
    /** No visits were written after the last report, which is old: the job may be idle. */
    NO_NEW_VISITS
  }

  /**
   * The offsets of a partition, in a response of the broker.
   *
   * @param beginning the first offset
   * @param end the offset after the last one
   * @param committed the offset that the group has committed; null if it has committed none
   * @param metadata what was committed with it; empty without
   */
  record Offsets(long beginning, long end, @Nullable Long committed, String metadata) {
    long lag() {
      return end - Math.min(end, committed == null ? beginning : Math.max(beginning, committed));
    }
  }

  /**
   * The lag of a partition.
   *
   * @param topic its topic
   * @param partition its number
   * @param lag number of offsets that are not committed
   * @param committedAt when the group has committed last; null if that is not known
   * @param watermark of the partition, as the job has reported it; null if it has not
   * @param idle whether the job reported that it does not hold back the watermark
   */
  record PartitionLag(
      String topic,
      int partition,
      long end,
      @Nullable Long committed,
      long lag,
      @Nullable Long committedAt,
      @Nullable Long watermark,
      boolean idle) {}

  /**
   * A state, with what it is concluded from.
   *
   * @param since for how long it is so; null if that is not known
   * @param lastCommit when a commit of the group was seen last; null if never
   * @param lastResult when the newest record of the output topics was written; null without any
   * @param lag number of visits that are not committed, of all partitions
   * @param patienceMillis how long the job may take to report visits
   * @param commitsWhenIdle whether the job commits without new visits as well
   * @param groupProblem why the offsets of the group cannot be read; empty if they can
   */
  record Snapshot(
      State state,
      @Nullable Long since,
      @Nullable Long lastCommit,
      @Nullable Long lastResult,
      long lag,
      long patienceMillis,
      boolean commitsWhenIdle,
      String group,
      String groupProblem,
      List<PartitionLag> partitions) {}

  /** Starts without knowledge of the job whose consumer group is {@code group}. */
  JobStatus(String group) {
    this.group = group;
  }

  /**
   * Adds a response of the broker. Committed offsets have to be read before the ends: then visits
   * that are seen together with a commit need no further one.
   */
  synchronized void responded(Map<TopicPartition, Offsets> offsets, String groupProblem, long now) {
    this.groupProblem = groupProblem;
    boolean first = firstResponse == NEVER;
    firstResponse = first ? now : firstResponse;
    if (!brokerResponds) {
      backSince = now;
      waitingSince = waitingSince == NEVER ? NEVER : now; // The job needs time as well.
      isMissing = false;
    }
    brokerResponds = true;
    lastResponse = now;
    boolean grown = false;
    boolean idle = !first && lag() == 0;
    long lastCommitBefore = lastCommit;
    String jobBefore = job;
    partitions.keySet().retainAll(offsets.keySet());
    for (Map.Entry<TopicPartition, Offsets> entry : offsets.entrySet()) {
      PartitionLag before = partitions.get(entry.getKey());
      grown |=
          before == null
              ? entry.getValue().lag() > 0 && (!first || entry.getValue().committed() == null)
              : entry.getValue().end() > before.end();
      partitions.put(entry.getKey(), lag(entry.getKey(), entry.getValue(), before, now));
    }
    if (grown) {
      lastGrowth = now;
    }
    boolean reported = reportCommits(now);
    boolean sameJob = job.equals(jobBefore) && lastCommitBefore >= backSince;
    if (reported && idle && !grown && sameJob && lastCommitBefore != NEVER) {
      idleCommits++;
      addDelay(now - lastCommitBefore);
    }
    if (grown && !reported && waitingSince == NEVER) {
      waitingSince = now;
    }
  }

  private PartitionLag lag(
      TopicPartition partition, Offsets offsets, @Nullable PartitionLag before, long now) {
    Optional<PartitionProgress> progress = PartitionProgress.ofAnyJob(offsets.metadata());
    String metadataBefore = metadata.put(partition, offsets.metadata());
    restartIfOther(jobOf(offsets.metadata()));
    Long committedAt;
    if (offsets.committed() == null) {
      committedAt = null;
    } else if (before == null) {
      committedAt = progress.map(report -> Math.min(now, report.asOf())).orElse(null);
    } else if (offsets.committed().equals(before.committed())
        && offsets.metadata().equals(metadataBefore)) {
      committedAt = before.committedAt();
    } else {
      committedAt = now;
    }
    return new PartitionLag(
        partition.topic(),
        partition.partition(),
        offsets.end(),
        offsets.committed(),
        offsets.lag(),
        committedAt,
        progress.map(PartitionProgress::watermark).orElse(null),
        progress.map(PartitionProgress::idle).orElse(false));
  }

  /** Another job may report in another way. */
  private void restartIfOther(String newJob) {
    if (!newJob.isEmpty() && !newJob.equals(job)) {
      job = newJob;
      idleCommits = 0;
      delays.clear();
    }
  }

  /** Returns the second word, which is the job's id. */
  private static String jobOf(String metadata) {
    String[] words = metadata.split(" ", 3);
    return words.length < 3 ? "" : words[1];
  }

  private boolean commitsWhenIdle() {
    return idleCommits >= IDLE_COMMITS;
  }

  private boolean reportCommits(long now) {
    long newest = lastCommit;
    for (PartitionLag partition : partitions.values()) {
      if (partition.committedAt() != null) {
        newest = Math.max(newest, partition.committedAt());
      }
    }
    if (newest == lastCommit) {
      return false;
    }
    lastCommit = newest;
    reported(newest, now);
    return true;
  }

  /** Adds that the job has written a record at {@code written}. */
  synchronized void resultWritten(long written, long now) {
    long time = Math.min(written, now); // The clock of the job may be ahead.
    if (time > lastResult && written - now <= CLOCK_SKEW.toMillis()) {
      lastResult = time;
      reported(time, now);
    }
  }

  /** Adds that a visit was written at {@code written}, by its Kafka timestamp. */
  synchronized void visitWritten(long written, long now) {
    if (written <= now) {
      newestVisit = Math.max(newestVisit, written);
    }
  }

  private void reported(long at, long now) {
    isMissing = false;
    if (waitingSince == NEVER || at < waitingSince) {
      return;
    }
    addDelay(now - waitingSince);
    waitingSince = NEVER;
  }

  private void addDelay(long delay) {
    delays.addLast(delay);
    if (delays.size() > DELAYS) {
      delays.removeFirst();
    }
  }

  /** Adds that the broker did not respond. */
  synchronized void noResponse(long now) {
    lastResponse = lastResponse == NEVER ? now : lastResponse;
    brokerResponds = false;
  }

  synchronized Snapshot snapshot(long now) {
    State state = state(now);
    long since =
        switch (state) {
          case CONNECTING -> NEVER;
          case BROKER_AWAY -> lastResponse;
          case NO_VISITS -> firstResponse;
          case NOT_SEEN, REPORT_EXPECTED, SEEN ->
              lastReport() == NEVER ? firstResponse : lastReport();
          case NO_NEW_VISITS -> Math.max(firstResponse, lastGrowth);
        };
    return new Snapshot(
        state,
        known(since),
        known(lastCommit),
        known(lastResult),
        lag(),
        patience(),
        commitsWhenIdle(),
        group,
        groupProblem,
        new ArrayList<>(partitions.values()));
  }

  private State state(long now) {
    if (!brokerResponds) {
      return State.BROKER_AWAY;
    }
    if (firstResponse == NEVER) {
      return State.CONNECTING;
    }
    if (lastReport() == NEVER && lag() == 0) {
      return State.NO_VISITS;
    }
    if (now - lastReport() <= patience()) {
      return State.SEEN;
    }
    if (isOverdue(now)) {
      return State.NOT_SEEN;
    }
    return waitingSince == NEVER && lastReport() != NEVER
        ? State.NO_NEW_VISITS
        : State.REPORT_EXPECTED;
  }

  private boolean isOverdue(long now) {
    if (!groupProblem.isEmpty()) {
      return false; // A job that commits, but has no session to write, cannot be seen.
    }
    boolean waits = waitingSince != NEVER && now - waitingSince > patience();
    // Of visits before the first response only the Kafka timestamps are known.
    boolean waitedBefore =
        newestVisit - lastReport() > patience() && now - newestVisit > patience();
    boolean isSilent = commitsWhenIdle() && now - backSince > patience();
    isMissing |= waits || isSilent || (lastReport() != NEVER && waitedBefore);
    return isMissing;
  }

  private long lastReport() {
    return Math.max(lastCommit, lastResult);
  }

  private long lag() {
    return partitions.values().stream().mapToLong(PartitionLag::lag).sum();
  }

  /** A job that saves its progress every few minutes is not missing in between. */
  private long patience() {
    long usual = 2 * delays.stream().mapToLong(Long::longValue).max().orElse(0);
    return Math.min(Math.max(usual, PATIENCE.toMillis()), MOST_PATIENCE.toMillis());
  }

  private static @Nullable Long known(long time) {
    return time == NEVER ? null : time;
  }
}
