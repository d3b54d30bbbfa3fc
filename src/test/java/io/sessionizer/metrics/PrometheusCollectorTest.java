package io.sessionizer.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.GaugeResult;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class PrometheusCollectorTest {

  @Test
  void exportsHelpOfEveryMetric() throws IOException {
    Job job = new Job();
    job.gauge(JobMetric.PARTITION_WATERMARK, "visits-0", 1_500);
    job.gauge(JobMetric.PARTITION_BACKLOG, "visits-0", 7);
    List<String> expected = new ArrayList<>();
    for (JobMetric metric : JobMetric.values()) {
      MetricNames.inProcess(metric)
          .ifPresent(name -> expected.add("# HELP " + name + " " + metric.help()));
    }
    assertEquals(
        expected.stream().sorted().toList(),
        scrape(job).filter(line -> line.startsWith("# HELP")).sorted().toList());
  }

  @Test
  void sumsCounterOverSteps() throws IOException {
    Job job = new Job();
    job.count(JobMetric.VISITS_READ, "", 3);
    job.count(JobMetric.VISITS_READ, "", 4);
    assertEquals(List.of("sessionizer_visits_read_total 7.0"), scrape(job, "visits_read_"));
  }

  @Test
  void lateVisitsIncludeThoseDroppedByBeam() throws IOException {
    Job job = new Job();
    job.count(JobMetric.VISITS_LATE, "", 1);
    job.count("org.apache.beam.Step", "DroppedDueToLateness", 2);
    job.count("org.apache.beam.Step", "droppedDueToLateness", 4);
    assertEquals(List.of("sessionizer_visits_late_total 7.0"), scrape(job, "visits_late"));
  }

  @Test
  void exportsWatermarksInSeconds() throws IOException {
    Job job = new Job();
    job.gauge(JobMetric.PARTITION_WATERMARK, "visits-0", 1_500);
    job.gauge(
        JobMetric.PARTITION_WATERMARK, "visits-1", BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    assertEquals(
        List.of("sessionizer_partition_watermark_seconds{partition=\"visits-0\"} 1.5"),
        scrape(job, "partition_watermark"));
  }

  /** Returns the values of the metrics whose names start with {@code name}. */
  private static List<String> scrape(Job job, String name) throws IOException {
    return scrape(job).filter(line -> line.startsWith("sessionizer_" + name)).toList();
  }

  private static Stream<String> scrape(Job job) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(
            out,
            new PrometheusCollector(() -> Optional.of(job)).collect(),
            EscapingScheme.ALLOW_UTF8);
    return out.toString(StandardCharsets.UTF_8).lines();
  }

  /** A running job with given metrics. */
  private static final class Job extends MetricResults implements PipelineResult {
    private final List<MetricResult<Long>> counters = new ArrayList<>();
    private final List<MetricResult<GaugeResult>> gauges = new ArrayList<>();

    void count(JobMetric metric, String label, long count) {
      count(metric.namespace(), metric.beamName() + label, count);
    }

    void count(String namespace, String name, long count) {
      counters.add(MetricResult.attempted(key(namespace, name), count));
    }

    void gauge(JobMetric metric, String label, long value) {
      gauges.add(
          MetricResult.attempted(
              key(metric.namespace(), metric.beamName() + label),
              GaugeResult.create(value, Instant.EPOCH)));
    }

    private static MetricKey key(String namespace, String name) {
      return MetricKey.create("step", MetricName.named(namespace, name));
    }

    @Override
    public MetricQueryResults queryMetrics(@Nullable MetricsFilter filter) {
      return MetricQueryResults.create(
          counters, List.of(), gauges, List.of(), List.of(), List.of());
    }

    @Override
    public MetricResults metrics() {
      return this;
    }

    @Override
    public State getState() {
      return State.RUNNING;
    }

    @Override
    public State cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public State waitUntilFinish(Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public State waitUntilFinish() {
      throw new UnsupportedOperationException();
    }
  }
}
