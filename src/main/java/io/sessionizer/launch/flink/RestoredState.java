package io.sessionizer.launch.flink;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The savepoint that Flink's configuration names, for a job to start from. A flag of the job may
 * name one as well ({@link FlinkOptions#getSavepointPath}).
 */
public final class RestoredState {
  private static final ConfigOption<String> PATH =
      ConfigOptions.key("execution.savepoint.path").stringType().noDefaultValue();

  private RestoredState() {}

  /** Whether there is one in the configuration of a folder. */
  public static boolean isConfiguredIn(@Nullable String folder) {
    try {
      return folder != null && isIn(GlobalConfiguration.loadConfiguration(folder));
    } catch (IllegalConfigurationException e) {
      return false; // Flink says so itself when it starts.
    }
  }

  /** Whether there is one in the configuration of the cluster that runs this code. */
  public static boolean isConfiguredHere() {
    try {
      // Flink's API is only there at run time.
      Class<?> type =
          Class.forName("org.apache.flink.streaming.api.environment.StreamExecutionEnvironment");
      Object environment = type.getMethod("getExecutionEnvironment").invoke(null);
      return type.getMethod("getConfiguration").invoke(environment) instanceof ReadableConfig config
          && isIn(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Flink is another one", e);
    }
  }

  private static boolean isIn(ReadableConfig config) {
    return config.getOptional(PATH).isPresent();
  }
}
