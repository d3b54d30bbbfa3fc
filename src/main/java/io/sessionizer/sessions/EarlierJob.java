package io.sessionizer.sessions;

import io.sessionizer.records.SourcePosition;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * The decisions of an earlier job about the visits that it read, for a job that continues it
 * without its state and reads some of them again. The two jobs consume a visit at different
 * watermarks, and the sessions that the earlier one has completed are not written again. So what
 * was decided stays:
 *
 * <ul>
 *   <li>A visit that is in the late visits is in no session.
 *   <li>A visit that may not have been processed is consumed at the earlier job's watermark at
 *       least: a session that was complete there does not accept it.
 *   <li>A visit that was not processed, and is before the sessions that are written again, is too
 *       late also if a session that is retained would accept it: that session would not be written.
 *   <li>A visit that was processed, is not in the late visits, and is too late now, is in a session
 *       that is not written again.
 *   <li>A session that is not formed again, since later visits merge it into another one or start
 *       it earlier, is retracted ({@link EarlierSessions}).
 * </ul>
 *
 * <p>For example, the earlier job had reached watermark 12:00 and offset 100 when it was killed,
 * and this one reads again from offset 80, of 11:30. A visit of 11:35 at offset 110 is consumed at
 * watermark 12:00, though no later visit than 11:40 may have been processed until then.
 */
public final class EarlierJob implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Stands for no job: all visits are new. */
  public static final EarlierJob NONE = new EarlierJob(Long.MIN_VALUE, Long.MIN_VALUE);

  private static final Partition UNKNOWN = new Partition(0, Long.MAX_VALUE, Long.MIN_VALUE);

  private final long watermark;
  private final long leftBefore;

  /** By topic and number. */
  private final Map<String, Map<Integer, Partition>> partitions;

  private final EarlierSessions sessions;

  /**
   * A job of which nothing is known yet but this.
   *
   * @param watermark at which sessions were complete that are not written again, epoch milliseconds
   * @param leftBefore sessions that start before this are not written again, epoch milliseconds
   */
  public EarlierJob(long watermark, long leftBefore) {
    this(watermark, leftBefore, new HashMap<>(), EarlierSessions.NONE);
  }

  private EarlierJob(
      long watermark,
      long leftBefore,
      Map<String, Map<Integer, Partition>> partitions,
      EarlierSessions sessions) {
    this.watermark = watermark;
    this.leftBefore = leftBefore;
    this.partitions = partitions;
    this.sessions = sessions;
  }

  /** Returns this job with the sessions that it has published. */
  public EarlierJob with(EarlierSessions published) {
    return new EarlierJob(watermark, leftBefore, partitions, published);
  }

  /**
   * Adds a partition.
   *
   * @param readFrom the offset of the first record that is read again
   * @param processedTo the offset before which all visits are processed
   */
  public void addPartition(String topic, int partition, long readFrom, long processedTo) {
    partitions
        .computeIfAbsent(topic, name -> new HashMap<>())
        .put(partition, new Partition(readFrom, processedTo, leftBefore));
  }

  /** Adds a visit that is in the late visits, unless its record is not read again. */
  public void addLateVisit(SourcePosition source, long eventTimeMillis) {
    Partition known = partition(source.topic(), source.partition());
    if (known != UNKNOWN && source.offset() >= known.readFrom) {
      known.add(source.offset(), eventTimeMillis);
    }
  }

  /** Returns what is known of a partition. */
  Partition partition(String topic, int partition) {
    return partitions.getOrDefault(topic, Map.of()).getOrDefault(partition, UNKNOWN);
  }

  /** Returns the sessions that it has published, of visits that may be read again. */
  EarlierSessions sessions() {
    return sessions;
  }

  /** Returns the watermark of the earlier job. */
  long watermark() {
    return watermark;
  }

  /** The earlier job's progress in a partition, and its late visits. */
  static final class Partition implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long readFrom;
    private final long processedTo;
    private final long leftBefore;

    /** Event times by offset, so that a topic that is created anew has other visits. */
    private final HashMap<Long, Long> lateVisits = new HashMap<>();

    private long lateVisitsTo = Long.MIN_VALUE;

    Partition(long readFrom, long processedTo, long leftBefore) {
      this.readFrom = readFrom;
      this.processedTo = processedTo;
      this.leftBefore = leftBefore;
    }

    private void add(long offset, long eventTimeMillis) {
      lateVisits.put(offset, eventTimeMillis);
      lateVisitsTo = Math.max(lateVisitsTo, offset + 1);
    }

    /** Whether a visit is in the late visits. */
    boolean isLateVisit(long offset, long eventTimeMillis) {
      return offset < lateVisitsTo
          && lateVisits.getOrDefault(offset, Long.MIN_VALUE) == eventTimeMillis;
    }

    /** Whether a visit is processed. */
    boolean isProcessed(long offset) {
      return offset < processedTo;
    }

    /**
     * Whether a visit that is too late is not accepted either if it is within the gap of a session
     * that is retained: the session would start before those that are written.
     */
    boolean movesSessionToLeftOnes(long offset, long eventTimeMillis) {
      return !isProcessed(offset) && eventTimeMillis < leftBefore;
    }

    /** Whether a visit is in a session that is not written again, if it is not a late visit. */
    boolean isInLeftSession(long offset, long eventTimeMillis) {
      return isProcessed(offset) && eventTimeMillis < leftBefore;
    }
  }
}
