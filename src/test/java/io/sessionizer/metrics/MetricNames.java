package io.sessionizer.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The names of metrics in queries. */
public final class MetricNames {
  /** The prefix of a step's metrics on a Flink cluster. */
  public static final String OF_A_STEP = "flink_taskmanager_job_task_operator_";

  private MetricNames() {}

  /** Returns all names at a job's own {@code /metrics}. */
  public static List<String> inProcess() {
    return Arrays.stream(JobMetric.values()).flatMap(metric -> inProcess(metric).stream()).toList();
  }

  /** Returns the name at a job's own {@code /metrics}, if it is exported. */
  public static Optional<String> inProcess(JobMetric metric) {
    String name = metric.prometheusName();
    return switch (metric.type()) {
      case COUNTER, COUNTER_BY_REASON -> Optional.of(name + "_total");
      case STATE, UP_DOWN_COUNTER, GAUGE_BY_PARTITION -> Optional.of(name);
      case UNEXPORTED_COUNTER, TEXTS -> Optional.empty();
    };
  }

  /** Returns all names on a Flink cluster, without {@link #OF_A_STEP}. */
  public static List<String> onFlink() {
    return Arrays.stream(JobMetric.values()).flatMap(metric -> onFlink(metric).stream()).toList();
  }

  /** Returns the name on a Flink cluster, without {@link #OF_A_STEP}, if it is exported. */
  public static Optional<String> onFlink(JobMetric metric) {
    String name = metric.namespace().replace('.', '_') + "_" + metric.beamName();
    return switch (metric.type()) {
      case COUNTER, UP_DOWN_COUNTER, UNEXPORTED_COUNTER -> Optional.of(name);
      case COUNTER_BY_REASON -> Optional.of(name + "REASON");
      // Flink requests watermarks from the readers outside the scope of Beam's metrics.
      case STATE, GAUGE_BY_PARTITION, TEXTS -> Optional.empty();
    };
  }
}
