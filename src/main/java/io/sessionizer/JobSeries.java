package io.sessionizer;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sessionizer.kafka.ReadVisits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.GaugeResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** What a job in this process says of itself, as series for Prometheus; asked at every scrape. */
final class JobSeries implements MultiCollector {
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Supplier<Optional<PipelineResult>> job;

  JobSeries(Supplier<Optional<PipelineResult>> job) {
    this.job = job;
  }

  @Override
  public MetricSnapshots collect() {
    Optional<PipelineResult> now = job.get();
    List<MetricSnapshot> all = new ArrayList<>();
    boolean isRunning =
        now.map(PipelineResult::getState).filter(PipelineResult.State.RUNNING::equals).isPresent();
    all.add(
        GaugeSnapshot.builder()
            .name("sessionizer_job_running")
            .help("1 while the job runs, else 0.")
            .dataPoint(GaugeDataPointSnapshot.builder().value(isRunning ? 1 : 0).build())
            .build());
    now.ifPresent(
        result -> addTo(all, result.metrics().queryMetrics(MetricsFilter.builder().build())));
    return new MetricSnapshots(all);
  }

  private static void addTo(List<MetricSnapshot> all, MetricQueryResults metrics) {
    counter(all, metrics, "visits_read", "Records read from the visits topic.", "visits_read");
    counter(all, metrics, "visits_rejected", "Records read that are no visits.", "visits_rejected");
    counter(
        all,
        metrics,
        "visits_accepted",
        "Visits taken into sessions, by the stateful engine.",
        "visits_accepted");
    counter(
        all,
        metrics,
        "visits_late",
        "Visits that came too late.",
        // The second one is Beam's own, in the step that forms windows.
        "visits_late",
        "DroppedDueToLateness");
    counter(
        all, metrics, "sessions_written", "Records for the sessions topic.", "sessions_written");
    held(all, metrics);
    byPartition(
        all,
        metrics,
        "partition_watermark_seconds",
        "Watermark of a partition, in seconds since 1970.",
        ReadVisits.WATERMARK_GAUGE,
        MILLIS_PER_SECOND);
    byPartition(
        all,
        metrics,
        "partition_backlog_records",
        "Records of a partition that are not read yet.",
        ReadVisits.BACKLOG_GAUGE,
        1);
  }

  /** Adds a counter, if the job has one of these names. */
  private static void counter(
      List<MetricSnapshot> all,
      MetricQueryResults metrics,
      String series,
      String help,
      String... names) {
    sum(metrics, Set.of(names))
        .ifPresent(
            count ->
                all.add(
                    CounterSnapshot.builder()
                        .name("sessionizer_" + series)
                        .help(help)
                        .dataPoint(CounterDataPointSnapshot.builder().value(count).build())
                        .build()));
  }

  /** Beam's counter goes up and down, which is a gauge to Prometheus. */
  private static void held(List<MetricSnapshot> all, MetricQueryResults metrics) {
    sum(metrics, Set.of("visit_ids_held"))
        .ifPresent(
            count ->
                all.add(
                    GaugeSnapshot.builder()
                        .name("sessionizer_visit_ids_held")
                        .help("Visit ids of which the stateful engine remembers something.")
                        .dataPoint(GaugeDataPointSnapshot.builder().value(count).build())
                        .build()));
  }

  private static Optional<Long> sum(MetricQueryResults metrics, Set<String> names) {
    Optional<Long> sum = Optional.empty();
    for (MetricResult<Long> counter : metrics.getCounters()) {
      if (names.contains(counter.getName().getName())) {
        sum = Optional.of(sum.orElse(0L) + counter.getAttempted());
      }
    }
    return sum;
  }

  private static void byPartition(
      List<MetricSnapshot> all,
      MetricQueryResults metrics,
      String series,
      String help,
      String gauge,
      double unit) {
    Map<String, Long> values = new TreeMap<>();
    for (MetricResult<GaugeResult> result : metrics.getGauges()) {
      String name = result.getName().getName();
      if (name.startsWith(gauge) && JobMetrics.isTime(result.getAttempted().getValue())) {
        values.put(name.substring(gauge.length()), result.getAttempted().getValue());
      }
    }
    if (values.isEmpty()) {
      return;
    }
    GaugeSnapshot.Builder snapshot =
        GaugeSnapshot.builder().name("sessionizer_" + series).help(help);
    values.forEach(
        (partition, value) ->
            snapshot.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("partition", partition))
                    .value(value / unit)
                    .build()));
    all.add(snapshot.build());
  }
}
