package io.sessionizer.launch.flink;

import java.util.regex.Pattern;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Those of the Flink runner's flags that the checks need: same names, same defaults. The runner
 * itself is not there when this is compiled.
 */
public interface FlinkOptions extends PipelineOptions {
  /** Means: the cluster that this code runs in, or, where there is none, this process. */
  String SURROUNDING = "[auto]";

  /** Means: this process. */
  String EMBEDDED = "[local]";

  /** Where Flink runs: {@link #SURROUNDING}, {@link #EMBEDDED}, or HOST:PORT of a cluster. */
  @Default.String(SURROUNDING)
  String getFlinkMaster();

  void setFlinkMaster(String value);

  /** How often state is saved, in milliseconds; -1 for never. */
  @Default.Long(-1)
  Long getCheckpointingInterval();

  void setCheckpointingInterval(Long value);

  /** What a checkpoint guarantees: EXACTLY_ONCE or AT_LEAST_ONCE. */
  @Default.String("EXACTLY_ONCE")
  String getCheckpointingMode();

  void setCheckpointingMode(String value);

  /** How many subtasks a step has; -1 if Flink is to decide. */
  @Default.Integer(-1)
  Integer getParallelism();

  void setParallelism(Integer value);

  /** Where state is saved, if not where the cluster's configuration says. */
  @Nullable String getStateBackendStoragePath();

  void setStateBackendStoragePath(@Nullable String value);

  /** Where state is kept: rocksdb, filesystem (the heap), or null for what the cluster has. */
  @Nullable String getStateBackend();

  void setStateBackend(@Nullable String value);

  /** How many checkpoints may be under way at a time. */
  @Default.Integer(1)
  int getNumConcurrentCheckpoints();

  void setNumConcurrentCheckpoints(int value);

  /** Whether checkpoints overtake the records on their way, and save these. */
  @Default.Boolean(false)
  boolean getUnalignedCheckpointEnabled();

  void setUnalignedCheckpointEnabled(boolean value);

  /** Whether steps hand on what they have instead of a copy. */
  @Default.Boolean(false)
  Boolean getFasterCopy();

  void setFasterCopy(Boolean value);

  /** Whether Beam counts nothing. */
  @Default.Boolean(false)
  Boolean getDisableMetrics();

  void setDisableMetrics(Boolean value);

  /** Whether whoever hands the job over waits for its end. */
  @Default.Boolean(true)
  boolean getAttachedMode();

  void setAttachedMode(boolean value);

  /** The folder of Flink's configuration, for a Flink in this process. */
  @Nullable String getFlinkConfDir();

  void setFlinkConfDir(@Nullable String value);

  /** The savepoint that the job starts from, if any. */
  @Nullable String getSavepointPath();

  void setSavepointPath(@Nullable String value);

  /** Whether the job resumes from a checkpoint when it has failed. */
  static boolean hasCheckpoints(PipelineOptions options) {
    return options.as(FlinkOptions.class).getCheckpointingInterval() > 0;
  }

  /** Whether Beam counts anything. */
  static boolean hasMetrics(PipelineOptions options) {
    return !Boolean.TRUE.equals(options.as(FlinkOptions.class).getDisableMetrics());
  }

  /** Whether a master is the address of a cluster. */
  static boolean isAddress(String master) {
    return !Pattern.matches("\\[\\w*\\]", master);
  }
}
