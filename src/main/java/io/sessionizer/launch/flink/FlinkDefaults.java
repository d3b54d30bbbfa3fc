package io.sessionizer.launch.flink;

import io.sessionizer.config.GivenFlags;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;

/** Flags of the Flink runner that we want otherwise than the runner does, unless they are given. */
public final class FlinkDefaults {
  private static final List<String> ALL =
      List.of(
          // In this process, unless a cluster is named.
          "--flinkMaster=" + FlinkOptions.EMBEDDED,
          // Beam's own is made of the user's name and the time.
          "--jobName=sessionizer",
          // No step changes what it is given, so none needs a copy.
          "--objectReuse=true",
          // An operator forwards watermarks between bundles only. Those of Beam's length, a second,
          // follow so closely on each other that the watermark may stand still for many of them.
          "--maxBundleSize=1000",
          "--maxBundleTimeMills=200",
          // Flink's own default; left out, every reader warns that it is.
          "--autoWatermarkInterval=200",
          // The name of a step is the address of its state: two of one name would be mixed up.
          "--stableUniqueNames=ERROR");

  /** Visits of a topic are a stream, also in a job that stops by itself. */
  private static final List<String> STREAM =
      List.of(
          "--streaming=true",
          // Without checkpoints a failed job restarts at the first visit.
          "--checkpointingInterval=10000",
          "--checkpointingMode=EXACTLY_ONCE");

  /** Files have an end: visits are sorted on disk. */
  private static final List<String> FILES = List.of("--runner=FlinkRunner", "--streaming=false");

  /**
   * What waits for a checkpoint waits in one buffer more than there may be checkpoints at a time.
   * Of two, Beam's default, one is used again too soon when the news of a checkpoint comes late.
   */
  private static final List<String> CHECKPOINTS =
      List.of("--numConcurrentCheckpoints=4", "--minPauseBetweenCheckpoints=500");

  /** Flink takes one unaligned checkpoint at a time, so the news has more time to come. */
  private static final List<String> UNALIGNED_CHECKPOINTS =
      List.of("--numConcurrentCheckpoints=1", "--minPauseBetweenCheckpoints=5000");

  /**
   * Nothing in the state of the stateful engine is changed in place. A copy of all entries of a
   * shard's log, whenever a checkpoint is under way, would be for nothing.
   */
  private static final String FASTER_COPY = "--fasterCopy=true";

  /** Memory, the state backend, parallelism and restarts are the cluster's business. */
  private static final List<String> CLUSTER =
      List.of(
          // Else Beam waits for the end of the job when it hands it over.
          "--attachedMode=false",
          "--jobCheckIntervalInSecs=1",
          // What a job can be started again from when somebody has cancelled it.
          "--externalizedCheckpointsEnabled=true",
          "--retainExternalizedCheckpointsOnCancellation=true");

  private FlinkDefaults() {}

  /** Returns those for a Flink in this process. */
  public static List<String> embedded(GivenFlags given) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--flinkConfDir=" + EmbeddedFlink.conf(),
                // More subtasks than this need more network buffers than Flink takes by default.
                "--parallelism=" + Math.min(8, Runtime.getRuntime().availableProcessors())));
    if (readsFiles(given)) {
      // A damaged file stays damaged, and the standard input can be read once.
      flags.add("--numberOfExecutionRetries=0");
    } else {
      flags.addAll(
          List.of(
              // Flink's own default keeps checkpoints in memory, 5 MB at most: with more state
              // every checkpoint fails, and the job restarts, for ever.
              "--stateBackend=filesystem",
              "--stateBackendStoragePath=" + EmbeddedFlink.checkpoints().toUri(),
              // Flink's own default is to try again for ever, also after an error that stays.
              "--numberOfExecutionRetries=3",
              "--executionRetryDelay=10000"));
    }
    return missing(given, flags);
  }

  /** Returns those for the cluster that this code runs in. */
  public static List<String> surrounding(GivenFlags given) {
    return missing(given, CLUSTER);
  }

  /** Returns those for a cluster that the job is handed to. */
  public static List<String> cluster(GivenFlags given) {
    List<String> flags = new ArrayList<>(CLUSTER);
    // Else Beam sends everything that is on the class path, Flink included.
    flags.add("--filesToStage=" + JobJar.path());
    return missing(given, flags);
  }

  private static List<String> missing(GivenFlags given, List<String> more) {
    List<String> flags = new ArrayList<>(ALL);
    if (readsFiles(given)) {
      flags.addAll(FILES);
    } else {
      flags.addAll(STREAM);
      boolean isUnaligned = given.isOn("--unalignedCheckpointEnabled");
      flags.addAll(isUnaligned ? UNALIGNED_CHECKPOINTS : CHECKPOINTS);
      if (!given.value("--engine", "").equals(Engine.WINDOWS.flagValue())) {
        flags.add(FASTER_COPY);
      }
    }
    flags.addAll(more);
    return given.missing(flags);
  }

  private static boolean readsFiles(GivenFlags given) {
    return !given.value("--input", "").isEmpty();
  }
}
