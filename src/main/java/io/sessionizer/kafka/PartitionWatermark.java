package io.sessionizer.kafka;

import io.sessionizer.records.Provenance;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * The watermark of one partition, from the visits that were read of it. It never goes back. All
 * times are epoch milliseconds. Not thread-safe.
 *
 * <p>It is the newest event time, or the partition's clock if that is earlier, minus the
 * out-of-orderness. So a device whose clock is fast makes no visit late: until the clock has
 * reached its event time, the watermark advances with the clock. The clock is the time at which
 * records are read, or appended where the broker says so. It advances by itself while the partition
 * is caught up, and stops while it lags or its end cannot be checked: the records still to be read
 * are older than the wall clock.
 *
 * <p>For example, with an out-of-orderness of one minute, a visit of 10:00 is read at 10:00:01: the
 * watermark is 9:59. A visit of 10:50 is read at 10:01, from a fast device: the watermark is 10:00,
 * and while the partition is caught up it advances with the wall clock until it is 10:49.
 */
final class PartitionWatermark {
  /** The watermark before the first visit. */
  static final long NONE = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  /** The watermark of a partition that is finished. */
  static final long END_OF_TIME = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

  private static final long NOTHING_POLLED = Long.MIN_VALUE;

  /** The end was not checked for so long: an outage. KafkaIO checks it every second. */
  private static final long OUTAGE = Duration.ofSeconds(10).toMillis();

  private final WatermarkRules rules;

  /** Of all visits that are known to have been read, also before the checkpoint. */
  private long newestEventTime = NONE;

  /** Of the visits that were read since the partition was opened. */
  private long newestRead = NONE;

  private long clock = NONE;

  /** How far the clock trails the wall clock. */
  private long clockLag;

  /** The watermark in the checkpoint. It is no event time: idleness may have advanced it. */
  private long restored = NONE;

  /** Whether the newest event time is only derived from the restored watermark. */
  private boolean isNewestEstimated;

  private long lastRecordAt;
  private long lastCheckedAt = NONE;
  private long current = NONE;
  private long resumedAt;
  private boolean idle;

  /** Whether the log has reported the partition as idle. */
  private boolean isSilenceReported;

  private long asOf;

  /** Whether records are being polled. */
  private boolean isPolling;

  /** The offset behind the last record polled, as KafkaIO counts, until it is handed over. */
  private long polledTo = NOTHING_POLLED;

  private PartitionWatermark(WatermarkRules rules, long now) {
    this.rules = rules;
    this.lastRecordAt = now;
  }

  /** Opens a partition that this JVM has not read yet, at the watermark of a checkpoint. */
  static PartitionWatermark open(WatermarkRules rules, long restored, long now) {
    PartitionWatermark opened = new PartitionWatermark(rules, now);
    if (isTime(restored)) {
      opened.restored = restored;
      opened.isNewestEstimated = true;
      opened.newestEventTime = restored + opened.maxOutOfOrderness();
    }
    opened.resume(restored, now);
    return opened;
  }

  /**
   * Opens the partition again, at the watermark of a checkpoint. If that lies before this
   * watermark, reading goes back, and what was read behind it is still to come.
   */
  PartitionWatermark reopen(long restored, long now) {
    PartitionWatermark opened = this;
    if (restored < current) {
      opened = open(rules, restored, now);
      opened.isNewestEstimated &= isNewestEstimated;
      opened.newestEventTime = newestEventTime;
    }
    opened.resume(restored, now);
    return opened;
  }

  private void resume(long restored, long now) {
    idle = false;
    isSilenceReported = false;
    isPolling = false;
    polledTo = NOTHING_POLLED;
    asOf = now;
    current = restored;
    resumedAt = isTime(restored) ? restored : Provenance.NOT_RESUMED;
  }

  /** Returns the watermark at which reading was resumed, if it was. */
  long resumedAt() {
    return resumedAt;
  }

  /** Returns whether it is unknown which event times were read before the checkpoint. */
  boolean isNewestEstimated() {
    return isNewestEstimated;
  }

  /** Restores the newest event time from what the previous reader reported. */
  void restore(PartitionProgress progress) {
    long known = progress.watermark() < restored ? newestEventTime : newestRead;
    newestEventTime = Math.max(known, progress.newestEventTime());
    isNewestEstimated = false;
  }

  /** Adds the event time of a visit; {@link #recordRead} follows. */
  void visitRead(long eventTime) {
    newestEventTime = Math.max(newestEventTime, eventTime);
    newestRead = Math.max(newestRead, eventTime);
  }

  /**
   * A visit or a rejected record was read: it ends the silence.
   *
   * @param clock when it was appended, if that is known, else {@code now}
   * @return whether the log has reported the partition as idle
   */
  boolean recordRead(long clock, long now) {
    boolean wasReported = isSilenceReported;
    lastRecordAt = now;
    idle = false;
    isSilenceReported = false;
    filteredRead(clock, now);
    return wasReported;
  }

  /** A filtered record was read: it is like silence, but for the clock. */
  void filteredRead(long clock, long now) {
    asOf = now;
    clockLag = now - clock;
    advanceClock(clock);
  }

  /** Returns {@link PartitionWatermarks#latestAtHandover}. */
  long latestAtHandover(long newestPolled) {
    isPolling = true;
    long newest = Math.max(newestRead, newestPolled);
    return newest == NONE ? current : Math.max(current, newest - maxOutOfOrderness());
  }

  /** Records were polled up to {@code next}, if any were. */
  void polled(OptionalLong next) {
    isPolling = false;
    polledTo = next.orElse(polledTo);
  }

  /** Records were handed over up to {@code next}. */
  void handedOver(long next) {
    if (next >= polledTo) {
      polledTo = NOTHING_POLLED;
    }
  }

  /** Returns whether records are known that are still to be handed over. */
  boolean hasPolled() {
    return isPolling || polledTo != NOTHING_POLLED;
  }

  /** The end of the partition was checked; {@code backlog} is negative if it is unknown. */
  void checked(long backlog, long checkedAt) {
    if (backlog >= 0) {
      forgiveOutage(checkedAt);
    }
    asOf = Math.max(asOf, checkedAt);
    boolean isCaughtUp = backlog == 0;
    if (isCaughtUp && rules.stopWhenDrained()) {
      advance(END_OF_TIME);
    }
    if (isCaughtUp) {
      advanceClock(checkedAt - clockLag);
    }
    idle =
        isCaughtUp
            && !rules.stopWhenDrained()
            && checkedAt - lastRecordAt >= rules.idleAfter().toMillis();
  }

  /**
   * Time in which nobody checked, because the broker or the job was down, is not silence: producers
   * may have been kept from writing as well.
   */
  private void forgiveOutage(long checkedAt) {
    long unchecked = checkedAt - Math.max(lastCheckedAt, lastRecordAt);
    if (lastCheckedAt != NONE && !idle && unchecked >= OUTAGE) {
      lastRecordAt += unchecked;
    }
    lastCheckedAt = Math.max(lastCheckedAt, checkedAt);
  }

  private void advanceClock(long to) {
    clock = Math.max(clock, to);
    if (newestRead != NONE) {
      advance(Math.min(newestRead, clock) - maxOutOfOrderness());
    }
  }

  /** Advances the watermark, unless it is further already. */
  void advance(long to) {
    current = Math.max(current, to);
  }

  /**
   * Returns the watermark that the partition would have if its clock were that of the last record
   * of all partitions, {@code silentSince}.
   */
  long atSilence(long newestEventTime, long silentSince) {
    long newest = Math.max(newestEventTime, restored + maxOutOfOrderness());
    return Math.min(newest, silentSince - clockLag) - maxOutOfOrderness();
  }

  /** Returns the watermark. */
  long current() {
    return current;
  }

  /** Returns whether the partition does not hold back the watermark. */
  boolean isIdle() {
    return idle;
  }

  /**
   * Returns true once for each silence. A partition of which only filtered records are read is not
   * idle while some are still to be read.
   */
  boolean reportsSilence() {
    boolean isNew = idle && !isSilenceReported;
    isSilenceReported |= idle;
    return isNew;
  }

  /** Returns when the last visit or rejected record was read. */
  long lastRecordAt() {
    return lastRecordAt;
  }

  /** Returns what is known of the partition. */
  PartitionProgress progress() {
    return new PartitionProgress(newestEventTime, lastRecordAt, current, idle, asOf);
  }

  private long maxOutOfOrderness() {
    return rules.maxOutOfOrderness().toMillis();
  }

  private static boolean isTime(long watermark) {
    return watermark > NONE && watermark < END_OF_TIME;
  }
}
