package io.sessionizer.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sessionizer.records.Reason;
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

/** The metrics of a job in this process for Prometheus, which are read anew at every scrape. */
final class PrometheusCollector implements MultiCollector {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final String PREFIX = "sessionizer_";

  /** The counters of the job: a new one is a line here. */
  private static final List<JobCounter> COUNTERS =
      List.of(
          new JobCounter("visits_read", "Records read from the visits topic."),
          new JobCounter("visits_rejected", "Records read that are no visits."),
          new JobCounter("visits_accepted", "Visits accepted into sessions."),
          new JobCounter("visits_late", "Visits that came too late.", JobMetrics.LATE),
          new JobCounter("sessions_written", "Records for the sessions topic."),
          new JobCounter(
              JobMetric.RECORDS_DELETED.beamName(),
              "Records that were deleted before they were read."),
          new JobCounter(
              JobMetric.PARTITIONS_RESTARTED.beamName(),
              "Partitions resumed at an earlier offset: topic created anew, or log truncated."));

  /** Counters of Beam that go up and down, which are gauges to Prometheus. */
  private static final List<JobCounter> GAUGES =
      List.of(
          new JobCounter(
              "visit_ids_held", "Visit ids of which the stateful engine remembers something."),
          new JobCounter(
              "windows_over_cap",
              "Open windows of the windows engine that are longer or larger than a session may"
                  + " be."));

  /**
   * A counter of the job.
   *
   * @param name its name in the job; Prometheus' has a prefix, and {@code _total} behind it
   * @param help what it counts, in one sentence
   * @param names its name, and those of Beam's counters that count the same
   */
  private record JobCounter(String name, String help, Set<String> names) {
    JobCounter(String name, String help) {
      this(name, help, Set.of(name));
    }
  }

  private final Supplier<Optional<PipelineResult>> job;

  PrometheusCollector(Supplier<Optional<PipelineResult>> job) {
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
            .name(PREFIX + "job_running")
            .help("1 while the job runs, else 0.")
            .dataPoint(GaugeDataPointSnapshot.builder().value(isRunning ? 1 : 0).build())
            .build());
    Optional<MetricQueryResults> metrics =
        now.map(result -> result.metrics().queryMetrics(MetricsFilter.builder().build()));
    addCounters(all, metrics);
    metrics.ifPresent(results -> addPartitions(all, results));
    return new MetricSnapshots(all);
  }

  private static void addCounters(List<MetricSnapshot> all, Optional<MetricQueryResults> metrics) {
    for (JobCounter counter : COUNTERS) {
      all.add(
          CounterSnapshot.builder()
              .name(PREFIX + counter.name())
              .help(counter.help())
              .dataPoint(
                  CounterDataPointSnapshot.builder().value(sum(metrics, counter.names())).build())
              .build());
    }
    all.add(rejectedByReason(metrics));
    for (JobCounter gauge : GAUGES) {
      all.add(
          GaugeSnapshot.builder()
              .name(PREFIX + gauge.name())
              .help(gauge.help())
              .dataPoint(
                  GaugeDataPointSnapshot.builder().value(sum(metrics, gauge.names())).build())
              .build());
    }
  }

  private static CounterSnapshot rejectedByReason(Optional<MetricQueryResults> metrics) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name(PREFIX + "visits_rejected_by_reason")
            .help("Records read that are no visits, by the reason.");
    for (Reason reason : Reason.values()) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("reason", reason.name()))
              .value(sum(metrics, Set.of(JobMetric.VISITS_REJECTED_BY_REASON.beamName() + reason)))
              .build());
    }
    return counter.build();
  }

  private static void addPartitions(List<MetricSnapshot> all, MetricQueryResults metrics) {
    byPartition(
        all,
        metrics,
        "partition_watermark_seconds",
        "Watermark of a partition, in seconds since 1970.",
        JobMetric.PARTITION_WATERMARK.beamName(),
        MILLIS_PER_SECOND);
    byPartition(
        all,
        metrics,
        "partition_backlog_records",
        "Records of a partition that are not read yet.",
        JobMetric.PARTITION_BACKLOG.beamName(),
        1);
  }

  /** Returns 0 for what the job has not counted yet: a rate needs a first value. */
  private static double sum(Optional<MetricQueryResults> metrics, Set<String> names) {
    double sum = 0;
    if (metrics.isPresent()) {
      for (MetricResult<Long> counter : metrics.get().getCounters()) {
        if (names.contains(counter.getName().getName())) {
          sum += counter.getAttempted();
        }
      }
    }
    return sum;
  }

  private static void byPartition(
      List<MetricSnapshot> all,
      MetricQueryResults metrics,
      String prometheusName,
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
        GaugeSnapshot.builder().name(PREFIX + prometheusName).help(help);
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
