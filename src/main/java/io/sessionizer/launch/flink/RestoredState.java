package io.sessionizer.launch.flink;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The savepoint that Flink's configuration names, for a job to start from. A flag of the job may
 * name one as well ({@link FlinkOptions#getSavepointPath}). Flink's classes are only there at run
 * time.
 */
public final class RestoredState {
  private static final Logger LOG = LoggerFactory.getLogger(RestoredState.class);
  private static final String PATH = "execution.savepoint.path";

  private RestoredState() {}

  /** Whether there is one in the configuration of a folder. */
  public static boolean isConfiguredIn(@Nullable String folder) {
    if (folder == null) {
      return false;
    }
    try {
      return isIn(
          Class.forName("org.apache.flink.configuration.GlobalConfiguration")
              .getMethod("loadConfiguration", String.class)
              .invoke(null, folder));
    } catch (InvocationTargetException e) {
      LOG.debug("Flink's configuration", e); // Flink says so itself when it starts.
      return false;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Flink is another one", e);
    }
  }

  /** Whether there is one in the configuration of the cluster that runs this code. */
  public static boolean isConfiguredHere() {
    try {
      Class<?> type =
          Class.forName("org.apache.flink.streaming.api.environment.StreamExecutionEnvironment");
      Object environment = type.getMethod("getExecutionEnvironment").invoke(null);
      return isIn(type.getMethod("getConfiguration").invoke(environment));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Flink is another one", e);
    }
  }

  private static boolean isIn(Object configuration) throws ReflectiveOperationException {
    return configuration.getClass().getMethod("toMap").invoke(configuration)
            instanceof Map<?, ?> settings
        && settings.containsKey(PATH);
  }
}
