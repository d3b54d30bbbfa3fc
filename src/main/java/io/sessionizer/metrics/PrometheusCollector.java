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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;

/**
 * Collects the metrics of a job in this process for Prometheus, at every scrape.
 *
 * <p>Before the job is started, all but those by partition are 0, as a rate needs a first value.
 */
final class PrometheusCollector implements MultiCollector {
  private final Supplier<Optional<PipelineResult>> job;

  PrometheusCollector(Supplier<Optional<PipelineResult>> job) {
    this.job = job;
  }

  @Override
  public MetricSnapshots collect() {
    Optional<PipelineResult> now = job.get();
    boolean isRunning =
        now.map(PipelineResult::getState).filter(PipelineResult.State.RUNNING::equals).isPresent();
    MetricValues values = now.map(MetricValues::of).orElse(MetricValues.NONE);
    return new MetricSnapshots(
        Arrays.stream(JobMetric.values())
            .flatMap(metric -> snapshot(metric, isRunning, values))
            .toList());
  }

  private static Stream<MetricSnapshot> snapshot(
      JobMetric metric, boolean isRunning, MetricValues values) {
    return switch (metric.type()) {
      case STATE -> Stream.of(gauge(metric, isRunning ? 1 : 0));
      case COUNTER -> Stream.of(counter(metric, values.count(metric)));
      case COUNTER_BY_REASON -> Stream.of(counterByReason(metric, values));
      case UP_DOWN_COUNTER -> Stream.of(gauge(metric, values.count(metric)));
      case GAUGE_BY_PARTITION -> gaugeByPartition(metric, values);
      case UNEXPORTED_COUNTER, TEXTS -> Stream.of();
    };
  }

  private static CounterSnapshot counter(JobMetric metric, long count) {
    return CounterSnapshot.builder()
        .name(metric.prometheusName())
        .help(metric.help())
        .dataPoint(CounterDataPointSnapshot.builder().value(metric.unit().fromBeam(count)).build())
        .build();
  }

  private static CounterSnapshot counterByReason(JobMetric metric, MetricValues values) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(metric.prometheusName()).help(metric.help());
    for (Reason reason : Reason.values()) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("reason", reason.name()))
              .value(metric.unit().fromBeam(values.count(metric, reason.name())))
              .build());
    }
    return counter.build();
  }

  private static GaugeSnapshot gauge(JobMetric metric, long value) {
    return GaugeSnapshot.builder()
        .name(metric.prometheusName())
        .help(metric.help())
        .dataPoint(GaugeDataPointSnapshot.builder().value(metric.unit().fromBeam(value)).build())
        .build();
  }

  /**
   * Returns no gauge if no partition has a value; a watermark at either end of time is no value.
   */
  private static Stream<MetricSnapshot> gaugeByPartition(JobMetric metric, MetricValues values) {
    Map<String, Long> byPartition = values.gaugeByLabel(metric);
    byPartition.values().removeIf(value -> !JobProgress.isTime(value));
    if (byPartition.isEmpty()) {
      return Stream.of();
    }
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder().name(metric.prometheusName()).help(metric.help());
    byPartition.forEach(
        (partition, value) ->
            gauge.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("partition", partition))
                    .value(metric.unit().fromBeam(value))
                    .build()));
    return Stream.of(gauge.build());
  }
}
