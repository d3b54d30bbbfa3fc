package io.sessionizer.metrics;

import io.sessionizer.records.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How far a job is, by its own metrics.
 *
 * @param visitsRead records read from the visits topic
 * @param visitsRejected of these, the ones that are no visits
 * @param rejections the same, by reason
 * @param visitsLate of these, the ones that came too late
 * @param sessionsWritten records written to the sessions topic
 * @param watermark the slowest partition's, unless it is at the beginning or the end of time
 */
public record JobProgress(
    long visitsRead,
    long visitsRejected,
    RejectionCounts rejections,
    long visitsLate,
    long sessionsWritten,
    Optional<Instant> watermark) {

  /** Reads the metrics of {@code job}. */
  public static JobProgress of(PipelineResult job) {
    MetricValues values = MetricValues.of(job);
    return new JobProgress(
        values.count(JobMetric.VISITS_READ),
        values.count(JobMetric.VISITS_REJECTED),
        rejections(values),
        values.count(JobMetric.VISITS_LATE),
        values.count(JobMetric.SESSIONS_WRITTEN),
        watermark(values));
  }

  /** Whether records were read, and none of them was accepted. */
  public boolean hasAcceptedNone() {
    return visitsRead > 0 && visitsRead <= visitsRejected + visitsLate;
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

  /** Returns the first one by offset, roughly: the shortest text. */
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

  /** Whether a watermark is at neither end of time. */
  static boolean isTime(long watermark) {
    return watermark > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
        && watermark < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
  }
}
