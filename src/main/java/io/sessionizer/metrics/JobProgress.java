package io.sessionizer.metrics;

import io.sessionizer.records.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The progress of a job, by its own metrics.
 *
 * @param visitsRead records read from the visits topic
 * @param visitsRejected of these, the rejected ones
 * @param rejections the same, by reason
 * @param visitsAccepted of these, visits accepted into sessions
 * @param visitsLate of these, visits that were too late
 * @param visitsFiltered of these, records that the condition of the format leaves out
 * @param visitsExcluded of these, records that are left out since they are private
 * @param visitsOverlap of these, visits that were skipped, since they are beyond the seam
 * @param visitsOpen of these, visits of sessions that are open at the seam
 * @param sessionsWritten records written to the sessions topic
 * @param watermark that of the slowest partition, unless it is at either end of time
 */
public record JobProgress(
    long visitsRead,
    long visitsRejected,
    RejectionCounts rejections,
    long visitsAccepted,
    long visitsLate,
    long visitsFiltered,
    long visitsExcluded,
    long visitsOverlap,
    long visitsOpen,
    long sessionsWritten,
    Optional<Instant> watermark) {

  /** Reads the metrics of {@code job}. */
  public static JobProgress of(PipelineResult job) {
    MetricValues values = MetricValues.of(job);
    return new JobProgress(
        values.count(JobMetric.VISITS_READ),
        values.count(JobMetric.VISITS_REJECTED),
        rejections(values),
        values.count(JobMetric.VISITS_ACCEPTED),
        values.count(JobMetric.VISITS_LATE),
        values.count(JobMetric.VISITS_FILTERED),
        values.count(JobMetric.VISITS_EXCLUDED),
        values.count(JobMetric.VISITS_OVERLAP),
        values.count(JobMetric.VISITS_OPEN),
        values.count(JobMetric.SESSIONS_WRITTEN),
        watermark(values));
  }

  /** Returns whether records were read, and none was accepted. */
  public boolean hasAcceptedNone() {
    return visitsRead > 0
        && visitsRead
            <= visitsRejected + visitsLate + visitsFiltered + visitsExcluded + visitsOverlap;
  }

  private static RejectionCounts rejections(MetricValues values) {
    RejectionCounts rejections = new RejectionCounts();
    for (Reason reason : Reason.values()) {
      long count = values.count(JobMetric.VISITS_REJECTED_BY_REASON, reason.name());
      if (count > 0) {
        rejections.add(reason, count, position(values, reason));
      }
    }
    return rejections;
  }

  /** Returns the shortest position, which is roughly that with the lowest offset. */
  private static @Nullable String position(MetricValues values, Reason reason) {
    String prefix = reason + " ";
    return values
        .texts(JobMetric.VISITS_REJECTED_AT)
        .filter(position -> position.startsWith(prefix))
        .map(position -> position.substring(prefix.length()))
        .min(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
        .orElse(null);
  }

  private static Optional<Instant> watermark(MetricValues values) {
    return values.gaugeByLabel(JobMetric.PARTITION_WATERMARK).values().stream()
        .min(Comparator.naturalOrder())
        .filter(JobProgress::isTime)
        .map(Instant::ofEpochMilli);
  }

  /** Returns whether a watermark is at neither end of time. */
  static boolean isTime(long watermark) {
    return watermark > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
        && watermark < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
  }
}
