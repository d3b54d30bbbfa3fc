package io.sessionizer.launch;

import io.sessionizer.config.SessionizationOptions;
import java.util.List;

/** The rule for {@code --metricsPort} where the job runs in other processes. */
final class MetricsPort {
  private MetricsPort() {}

  /** Returns what is wrong with the flag, if it is given. */
  static List<String> problemsElsewhere(SessionizationOptions options) {
    return options.getMetricsPort() == null
        ? List.of()
        : List.of(
            "--metricsPort=%s: needs a job in this process; a cluster has metrics of its own"
                .formatted(options.getMetricsPort()));
  }
}
