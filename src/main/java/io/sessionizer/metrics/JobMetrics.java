package io.sessionizer.metrics;

import io.sessionizer.records.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
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
public record JobMetrics(
    long visitsRead,
    long visitsRejected,
    RejectionCounts rejections,
    long visitsLate,
    long sessionsWritten,
    Optional<Instant> watermark) {

  /**
   * Counters of visits that came too late: ours, and those of Beam's windows, which have something
   * to drop where our step in front of them has no watermark: on Dataflow's Runner v2.
   */
  static final Set<String> LATE =
      Set.of("visits_late", "DroppedDueToLateness", "droppedDueToLateness");

  /** Asks a job. */
  public static JobMetrics of(PipelineResult job) {
    MetricQueryResults metrics = job.metrics().queryMetrics(MetricsFilter.builder().build());
    return new JobMetrics(
        counter(metrics, "visits_read"),
        counter(metrics, "visits_rejected"),
        rejections(metrics),
        LATE.stream().mapToLong(name -> counter(metrics, name)).sum(),
        counter(metrics, "sessions_written"),
        watermark(metrics));
  }

  /** Whether records were read, and none of them was accepted. */
  public boolean hasAcceptedNone() {
    return visitsRead > 0 && visitsRead <= visitsRejected + visitsLate;
  }

  private static RejectionCounts rejections(MetricQueryResults metrics) {
    RejectionCounts rejections = new RejectionCounts();
    for (Reason reason : Reason.values()) {
      long count = counter(metrics, JobMetric.VISITS_REJECTED_BY_REASON.beamName() + reason);
      if (count > 0) {
        rejections.add(reason, count, position(metrics, reason));
      }
    }
    return rejections;
  }

  /** Returns the first one by offset, roughly: the shortest text. */
  private static @Nullable String position(MetricQueryResults metrics, Reason reason) {
    String prefix = reason + " ";
    return StreamSupport.stream(metrics.getStringSets().spliterator(), false)
        .filter(set -> set.getName().getName().equals(JobMetric.VISITS_REJECTED_AT.beamName()))
        .flatMap(set -> set.getAttempted().getStringSet().stream())
        .filter(position -> position.startsWith(prefix))
        .map(position -> position.substring(prefix.length()))
        .min(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
        .orElse(null);
  }

  private static long counter(MetricQueryResults metrics, String name) {
    return StreamSupport.stream(metrics.getCounters().spliterator(), false)
        .filter(counter -> counter.getName().getName().equals(name))
        .mapToLong(counter -> counter.getAttempted())
        .sum();
  }

  private static Optional<Instant> watermark(MetricQueryResults metrics) {
    LongStream partitions =
        StreamSupport.stream(metrics.getGauges().spliterator(), false)
            .filter(
                gauge ->
                    gauge.getName().getName().startsWith(JobMetric.PARTITION_WATERMARK.beamName()))
            .mapToLong(gauge -> gauge.getAttempted().getValue());
    OptionalLong slowest = partitions.min();
    return slowest.isPresent() && isTime(slowest.getAsLong())
        ? Optional.of(Instant.ofEpochMilli(slowest.getAsLong()))
        : Optional.empty();
  }

  /** Whether a watermark is at neither end of time. */
  static boolean isTime(long watermark) {
    return watermark > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
        && watermark < BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
  }
}
