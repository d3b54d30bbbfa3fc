package io.sessionizer.launch.flink;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The counters of a Flink in this process while its job runs, by subtask. Beam has them only when
 * the job has finished, but reports them to Flink, whose JMX reporter makes them MBeans. There are
 * no gauges and distributions, and none of anything where no Flink runs.
 */
public final class EmbeddedMetrics extends MetricResults {
  private static final String STEPS = "org.apache.flink.taskmanager.job.task.operator.";

  /** Beam's name for a counter: a class and a name; what Flink counts itself has no class. */
  private static final Pattern OF_BEAM =
      Pattern.compile(
          Pattern.quote(STEPS) + "((?:io\\.sessionizer|org\\.apache\\.beam)\\..*)\\.(.*)");

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

  /** Returns all counters, whatever the filter. */
  @Override
  public MetricQueryResults queryMetrics(@Nullable MetricsFilter filter) {
    List<MetricResult<Long>> counters = new ArrayList<>();
    for (ObjectName bean : beans.queryNames(null, null)) {
      Matcher name = OF_BEAM.matcher(bean.getDomain());
      if (name.matches()) {
        MetricKey key =
            MetricKey.create(
                bean.getKeyProperty("operator_name"),
                MetricName.named(name.group(1), name.group(2)));
        count(bean).ifPresent(count -> counters.add(MetricResult.attempted(key, count)));
      }
    }
    return MetricQueryResults.create(
        counters, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** Returns the count, unless it is no counter, or one of a step that has ended meanwhile. */
  private Optional<Long> count(ObjectName bean) {
    try {
      return Optional.of((Long) beans.getAttribute(bean, "Count"));
    } catch (JMException e) {
      return Optional.empty();
    }
  }
}
