package io.sessionizer.verify;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.Pseudonyms;
import java.time.ZoneId;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The settings of a job that decide what its output is. Times and lengths of time are milliseconds.
 *
 * @param gap inactivity that ends a session
 * @param allowedLateness how long after its end a session still accepts late visits
 * @param maxOutOfOrderness how far the watermark trails the newest visit
 * @param maxDuration maximum session length
 * @param maxPages how many visits a session has at most
 * @param maxBytes how many bytes the record of a session has at most
 * @param deduplicate whether visits with the same time and page count as one
 * @param splitOn fields of events: another value than the last one begins a session
 * @param endOn values of fields: a visit that has one ends its session
 * @param splitAtMidnight whether a visit on another local date than the first begins a session
 * @param dropsLateVisits whether the job drops too-late visits, and retracts no session, as the
 *     windows engine does
 * @param inputFormat how records are read as visits
 * @param attributes the attributes of sessions; null if these have none
 * @param pseudonyms in place of the users of private sessions; null if these have none
 * @param maxRecordBytes the largest record that is read as a visit
 * @param timeZone of start and end in a session's JSON, and of midnight
 * @param seam where files end and a topic continues; null if there is no seam
 * @param sinceMillis the earliest start of the sessions that are verified; or null
 * @param untilMillis sessions are verified that start before it; or null
 */
public record VerifyRules(
    long gap,
    long allowedLateness,
    long maxOutOfOrderness,
    long maxDuration,
    int maxPages,
    int maxBytes,
    boolean deduplicate,
    List<String> splitOn,
    List<EndValue> endOn,
    boolean splitAtMidnight,
    boolean dropsLateVisits,
    InputFormat inputFormat,
    @Nullable SessionAttributes attributes,
    @Nullable Pseudonyms pseudonyms,
    int maxRecordBytes,
    ZoneId timeZone,
    @Nullable SeamRule seam,
    @Nullable Long sinceMillis,
    @Nullable Long untilMillis) {

  /** The value of a field that ends a session. */
  public record EndValue(String field, String value) {
    /** As in the flag. */
    @Override
    public String toString() {
      return field + "=" + value;
    }
  }

  /** Whether the job of another input has a visit. */
  boolean isOverlap(boolean isInFile, long time) {
    return seam != null && seam.isOverlap(isInFile, time);
  }

  /** Whether the visits of the last session of a visit id are carried over, by its end. */
  boolean isOpenAtSeam(long endMillis) {
    return seam != null && seam.isEnd() && endMillis + gap > seam.millis();
  }

  /** Whether a session with this start is verified. */
  boolean includes(long startMillis) {
    return (sinceMillis == null || startMillis >= sinceMillis)
        && (untilMillis == null || startMillis < untilMillis);
  }

  /** Whether a visit at this time may belong to a session that is verified, or to its neighbour. */
  boolean reads(long millis) {
    return millis >= readsFrom()
        && (untilMillis == null || millis < untilMillis + maxDuration + 2 * gap);
  }

  /** The earliest time that is read. */
  long readsFrom() {
    return sinceMillis == null ? Long.MIN_VALUE : sinceMillis - maxDuration - 2 * gap;
  }

  /** Whether a visit is less than the gap after one that is not later. */
  boolean isWithinGap(long earlier, long later) {
    return later - earlier < gap;
  }

  /** Whether a visit is late at a watermark: a session of its own would be over. */
  boolean isLate(long time, long watermark) {
    return time + gap <= watermark;
  }

  /** Whether a visit is beyond acceptance at a watermark. */
  boolean isTooLate(long time, long watermark) {
    return time + gap - 1 + allowedLateness < watermark;
  }
}
