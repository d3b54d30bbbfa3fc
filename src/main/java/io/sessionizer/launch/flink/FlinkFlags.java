package io.sessionizer.launch.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.HostAndPort;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.sessions.Engine;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Flags of the Flink runner that do not work, or not together, and would fail late or in silence.
 */
public final class FlinkFlags {
  /** Of the stateful engine: with more, some subtasks have none of its shards. */
  private static final int MOST_SUBTASKS_WITH_EVEN_SHARDS = VisitPacket.SHARDS / 2;

  private static final String ROCKSDB = "rocksdb";
  private static final Set<String> STATE_BACKENDS = Set.of(ROCKSDB, "filesystem");

  private static final Pattern URI_WITH_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/");
  private static final String EXACTLY_ONCE = "EXACTLY_ONCE";

  private final FlinkOptions options;
  private final boolean isLive;
  private final JsonNode values;

  private FlinkFlags(FlinkOptions options, boolean isLive, JsonNode values) {
    this.options = options;
    this.isLive = isLive;
    this.values = values;
  }

  public static FlinkFlags of(SessionizationOptions options) {
    return new FlinkFlags(
        options.as(FlinkOptions.class),
        !Boolean.TRUE.equals(options.getStopWhenDrained()),
        FlagReader.values(options));
  }

  /** Returns what is wrong with the address of a cluster, with or without a scheme. */
  public static List<String> problemsOfAddress(String master) {
    return HostAndPort.matches(master.replaceFirst("^https?://", ""))
        ? List.of()
        : List.of("--flinkMaster=" + master + ": is not of the form HOST:PORT");
  }

  /**
   * Returns every problem there is.
   *
   * @param engine the engine, if that is known
   */
  public List<String> problems(@Nullable Engine engine) {
    List<String> problems = new ArrayList<>();
    String backend = options.getStateBackend();
    if (backend != null && !STATE_BACKENDS.contains(backend.toLowerCase(Locale.ROOT))) {
      problems.add("--stateBackend=" + backend + ": must be rocksdb or filesystem (the heap)");
    } else if (backend != null && options.getStateBackendStoragePath() == null) {
      problems.add(
          "--stateBackend=%s: needs --stateBackendStoragePath, where checkpoints are saved"
              .formatted(backend));
    }
    String path = options.getStateBackendStoragePath();
    if (path != null && !URI_WITH_SCHEME.matcher(path).lookingAt()) {
      problems.add(
          "--stateBackendStoragePath=" + path + ": must be a URI such as file:///var/lib/flink");
    }
    long interval = options.getCheckpointingInterval();
    if (interval < 1 && interval != -1) {
      problems.add(
          "--checkpointingInterval=" + interval + ": must be 1 (ms) or more, or -1 for none");
    }
    if (isLive && interval != -1 && !options.getCheckpointingMode().equals(EXACTLY_ONCE)) {
      problems.add(
          "--checkpointingMode=%s: must be EXACTLY_ONCE, since sessions wait for a checkpoint"
              .formatted(options.getCheckpointingMode()));
    }
    for (String name : List.of("maxBundleSize", "maxBundleTimeMills", "autoWatermarkInterval")) {
      requirePositive(name, values.path(name).asLong(), problems);
    }
    int parallelism = options.getParallelism();
    if (parallelism != -1) {
      requirePositive("parallelism", parallelism, problems);
    }
    int maxParallelism = maxParallelism();
    if (maxParallelism > 0 && maxParallelism < parallelism) {
      problems.add(
          "--maxParallelism=%s: must be --parallelism (%s) or more"
              .formatted(maxParallelism, parallelism));
    }
    if (Boolean.TRUE.equals(options.getFasterCopy())
        && engine == Engine.WINDOWS
        && !ROCKSDB.equalsIgnoreCase(backend)) {
      problems.add(
          "--fasterCopy=true: with --engine=windows the state on the heap changes while it is saved; also give --stateBackend=rocksdb, or leave it out");
    }
    if (options.getUnalignedCheckpointEnabled() && options.getNumConcurrentCheckpoints() > 1) {
      problems.add(
          "--unalignedCheckpointEnabled=true: not with --numConcurrentCheckpoints="
              + options.getNumConcurrentCheckpoints()
              + "; leave that out, or give 1");
    }
    return problems;
  }

  private int maxParallelism() {
    return values.path("maxParallelism").asInt();
  }

  /** Returns what works, but makes some subtasks busier than others. */
  public List<String> warnings(Engine engine) {
    List<String> warnings = new ArrayList<>();
    int parallelism = options.getParallelism();
    if (engine == Engine.STATEFUL && parallelism > MOST_SUBTASKS_WITH_EVEN_SHARDS) {
      warnings.add(
          "--parallelism=%s: the stateful engine has %s shards, which are spread evenly over %s subtasks at most; of more, some have twice as many as others, or none"
              .formatted(parallelism, VisitPacket.SHARDS, MOST_SUBTASKS_WITH_EVEN_SHARDS));
    }
    int maxParallelism = maxParallelism();
    boolean isPowerOfTwo = Integer.bitCount(maxParallelism) == 1;
    if (engine == Engine.STATEFUL
        && maxParallelism > 0
        && !(isPowerOfTwo && maxParallelism <= VisitPacket.SHARDS)) {
      warnings.add(
          "--maxParallelism=%s: spreads the shards of the stateful engine unevenly over subtasks, as everything but a power of two up to %s does; leave it out"
              .formatted(maxParallelism, VisitPacket.SHARDS));
    }
    return warnings;
  }

  private static void requirePositive(String name, long value, List<String> problems) {
    if (value < 1) {
      problems.add("--" + name + "=" + value + ": must be 1 or more");
    }
  }

  /** Returns what does not work on a Flink in this process, besides the other problems. */
  public List<String> problemsInThisProcess() {
    return options.getSavepointPath() == null
        ? List.of()
        : List.of(
            "--savepointPath=%s: is for a cluster (--flinkMaster=HOST:PORT); here, put it as"
                    .formatted(options.getSavepointPath())
                + " execution.savepoint.path into the config.yaml of --flinkConfDir");
  }
}
