package io.sessionizer.metrics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.GaugeResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** The values of a job's metrics at one moment. */
record MetricValues(MetricQueryResults results) {
  /** The values before a job is started. */
  static final MetricValues NONE =
      new MetricValues(
          MetricQueryResults.create(
              List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));

  /**
   * Beam's own counters of visits that were too late: its windows drop them where our step before
   * the windows has no watermark, which is so on Dataflow's Runner v2.
   */
  private static final Set<String> DROPPED_BY_BEAM =
      Set.of("DroppedDueToLateness", "droppedDueToLateness");

  /** Reads the metrics of {@code job}. */
  static MetricValues of(PipelineResult job) {
    return new MetricValues(job.metrics().queryMetrics(MetricsFilter.builder().build()));
  }

  /** Returns the sum of a counter over all steps; 0 if the job has not counted anything yet. */
  long count(JobMetric metric) {
    return count(
        name ->
            name.equals(metric.beamName())
                || (metric == JobMetric.VISITS_LATE && DROPPED_BY_BEAM.contains(name)));
  }

  /** Returns the sum of the counter of one label over all steps. */
  long count(JobMetric metric, String label) {
    return count((metric.beamName() + label)::equals);
  }

  private long count(Predicate<String> isCounter) {
    return StreamSupport.stream(results.getCounters().spliterator(), false)
        .filter(counter -> isCounter.test(counter.getName().getName()))
        .mapToLong(MetricResult::getAttempted)
        .sum();
  }

  /** Returns the values of a gauge by its label, of two with one label the smaller. */
  Map<String, Long> gaugeByLabel(JobMetric metric) {
    Map<String, Long> values = new TreeMap<>();
    for (MetricResult<GaugeResult> gauge : results.getGauges()) {
      String name = gauge.getName().getName();
      if (name.startsWith(metric.beamName())) {
        String label = name.substring(metric.beamName().length());
        values.merge(label, gauge.getAttempted().getValue(), Math::min);
      }
    }
    return values;
  }

  /** Returns the elements of a set of texts. */
  Stream<String> texts(JobMetric metric) {
    return StreamSupport.stream(results.getStringSets().spliterator(), false)
        .filter(set -> set.getName().getName().equals(metric.beamName()))
        .flatMap(set -> set.getAttempted().getStringSet().stream());
  }
}
