package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.sessions.Engine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A way to run the job, with everything that is special about it. */
public sealed interface Launcher
    permits DirectLauncher, FlinkLauncher, DataflowLauncher, SparkLauncher {

  /** Returns the launcher for the runner, and its place, that flags name. */
  static Launcher of(GivenFlags given) {
    return switch (runner(given, usual(given))) {
      case FlinkLauncher.RUNNER -> {
        String master = given.value("--flinkMaster", FlinkOptions.EMBEDDED);
        if (master.equals(FlinkOptions.SURROUNDING)) {
          yield new InsideFlinkLauncher(false);
        }
        yield FlinkOptions.isAddress(master)
            ? new FlinkClusterLauncher()
            : new EmbeddedFlinkLauncher();
      }
      case DataflowLauncher.RUNNER -> new DataflowLauncher();
      case SparkLauncher.RUNNER -> new SparkLauncher();
      default -> new DirectLauncher();
    };
  }

  /** The DirectRunner has all visits of files in memory; Flink sorts them on disk. */
  private static String usual(GivenFlags given) {
    return given.value("--input", "").isEmpty() ? DirectLauncher.RUNNER : FlinkLauncher.RUNNER;
  }

  /**
   * Returns the simple name, in lower case, of the runner that flags name: Beam takes the class,
   * any case, and no "Runner".
   */
  static String runner(GivenFlags given, String otherwise) {
    String runner = given.value("--runner", otherwise);
    String name = runner.substring(runner.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.endsWith("runner") ? name : name + "runner";
  }

  /** Returns what the flag {@code --runner} must be, for one that is not on the class path. */
  static String supported(String flag) {
    return switch (runner(new GivenFlags(List.of(flag)), "")) {
      case DataflowLauncher.RUNNER -> "only ./sessionizer run and topics support it";
      case SparkLauncher.RUNNER -> "only ./sessionizer run supports it";
      default -> "must be DirectRunner, FlinkRunner, SparkRunner or DataflowRunner";
    };
  }

  /**
   * Returns the flags that have another default here than the runner's own, each {@code
   * --name=value}, but for those that are given.
   */
  List<String> defaults(GivenFlags given);

  /** Returns the engine of a job that names none. */
  DefaultEngine defaultEngine(SessionizationOptions options);

  /**
   * Returns what is wrong with flags of this way to run, one sentence each.
   *
   * @param engine the job's; null if the flags for that are wrong
   */
  List<String> problems(SessionizationOptions options, @Nullable Engine engine);

  /** Returns when the job publishes its output. */
  Delivery delivery(JobSpec job);

  /**
   * Checks what the job needs outside this process, and starts it.
   *
   * @throws BadFlagsException if the flags cannot be used with what the topics have
   * @throws NotReadyException if a broker, a topic, or what is to run the job is not ready
   */
  PipelineResult start(JobSpec job) throws BadFlagsException, NotReadyException;

  /**
   * Whether the job resumes from saved state, as far as its flags and the runner's configuration
   * say. A job without it starts where the consumer group is.
   */
  boolean resumesState(JobSpec job);

  /** Whether a cluster runs this code, and may run it again for a job that it recovers. */
  default boolean isCalledByCluster() {
    return false;
  }

  /** Whether the job runs in this process, and ends with it. */
  default boolean isInThisProcess() {
    return false;
  }

  /** Whether a job may read files. */
  default boolean readsFiles() {
    return isInThisProcess();
  }

  /** Whether the command that starts a job runs until the job finishes. */
  boolean waitsFor(JobSpec job);

  /** Logs where a job runs after its command has finished. */
  default void logDetached(JobSpec job) {}

  /** Whether the job counts anything. */
  default boolean hasMetrics(PipelineOptions options) {
    return true;
  }

  /** The name of the jar that runs the job in place of the one with all commands, if any. */
  default Optional<String> ownJar() {
    return Optional.empty();
  }

  /** The name of the jar that is handed over with the job, if any. */
  default Optional<String> submittedJar() {
    return Optional.empty();
  }
}
