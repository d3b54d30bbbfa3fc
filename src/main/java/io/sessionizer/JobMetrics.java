package io.sessionizer;

import io.sessionizer.kafka.ReadVisits;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * How far a job is, by its own metrics.
 *
 * @param visitsRead records read from the visits topic
 * @param visitsRejected of these, the ones that are no visits
 * @param visitsLate of these, the ones that came too late
 * @param sessionsWritten records written to the sessions topic
 * @param watermark the slowest partition's, unless it is at the beginning or the end of time
 */
public record JobMetrics(
    long visitsRead,
    long visitsRejected,
    long visitsLate,
    long sessionsWritten,
    Optional<Instant> watermark) {

  /** Asks a job. */
  public static JobMetrics of(PipelineResult job) {
    MetricQueryResults metrics = job.metrics().queryMetrics(MetricsFilter.builder().build());
    return new JobMetrics(
        counter(metrics, "visits_read"),
        counter(metrics, "visits_rejected"),
        // The second one is Beam's own, in the step that forms windows.
        counter(metrics, "visits_late") + counter(metrics, "DroppedDueToLateness"),
        counter(metrics, "sessions_written"),
        watermark(metrics));
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
            .filter(gauge -> gauge.getName().getName().startsWith(ReadVisits.WATERMARK_GAUGE))
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
