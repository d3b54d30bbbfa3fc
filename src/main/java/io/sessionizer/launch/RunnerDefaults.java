package io.sessionizer.launch;

import io.sessionizer.launch.dataflow.DataflowFlags;
import io.sessionizer.launch.dataflow.DataflowJars;
import io.sessionizer.launch.flink.EmbeddedFlink;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.launch.flink.JobJar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Flags of a runner that we want otherwise than the runner does, unless the user gives them. */
final class RunnerDefaults {
  private static final List<String> DIRECT =
      List.of(
          // Without it run() does not return before the end, and nothing could cancel the job.
          "--blockOnRun=false",
          // Bundles in parallel overtake each other: a correction could be written before the
          // session that it corrects.
          "--targetParallelism=1",
          // A check for tests, which have it on: it takes time, and KafkaIO's own coder for
          // records of bytes fails it, with a warning per record.
          "--enforceImmutability=false");

  private static final List<String> FLINK =
      List.of(
          // In this process, unless a cluster is named.
          "--flinkMaster=" + FlinkOptions.EMBEDDED,
          // Beam's own is made of the user's name and the time.
          "--jobName=sessionizer",
          // Visits are a stream, also those of a job that ends by itself.
          "--streaming=true",
          // No step changes what it is given, so none needs a copy.
          "--objectReuse=true",
          // Without checkpoints a failure begins again at the first visit.
          "--checkpointingInterval=10000",
          "--checkpointingMode=EXACTLY_ONCE",
          // What is written at once; the watermark waits for it, and so does a checkpoint.
          "--maxBundleSize=1000",
          "--maxBundleTimeMills=1000",
          // Flink's own default; left out, every reader warns that it is.
          "--autoWatermarkInterval=200",
          // The name of a step is the address of its state: two of one name would be mixed up.
          "--stableUniqueNames=ERROR");

  /**
   * What waits for a checkpoint waits in one buffer more than there may be checkpoints at a time.
   * Of two, Beam's default, one is used again too soon when the news of a checkpoint comes late.
   */
  private static final List<String> CHECKPOINTS =
      List.of("--numConcurrentCheckpoints=4", "--minPauseBetweenCheckpoints=500");

  /** Flink takes one unaligned checkpoint at a time, so the news has more time to come. */
  private static final List<String> UNALIGNED_CHECKPOINTS =
      List.of("--numConcurrentCheckpoints=1", "--minPauseBetweenCheckpoints=5000");

  /** Memory, the state backend, parallelism and restarts are the cluster's business. */
  private static final List<String> FLINK_CLUSTER =
      List.of(
          // Else Beam waits for the end of the job when it hands it over.
          "--attachedMode=false",
          "--jobCheckIntervalInSecs=1",
          // What a job can be started again from when somebody has cancelled it.
          "--externalizedCheckpointsEnabled=true",
          "--retainExternalizedCheckpointsOnCancellation=true");

  private static final List<String> DATAFLOW =
      List.of(
          // Beam's own is made of the user's name and the time, and an update goes by the name.
          "--jobName=sessionizer",
          "--streaming=true",
          // State and shuffles are in the service: small disks, and workers that come and go.
          "--enableStreamingEngine=true",
          // The name of a step is the address of its state.
          "--stableUniqueNames=ERROR");

  /**
   * KafkaIO is not to read by its splittable step, which splits what it has read at any offset, and
   * would lose or repeat a part of the records that are handed over together.
   */
  private static final String UNSPLITTABLE_READ = "use_unbounded_sdf_wrapper";

  /** Else the service may take Runner v2 by itself. */
  private static final String RUNNER_V1 = "disable_runner_v2";

  private RunnerDefaults() {}

  /** Returns the defaults that {@code args} does not set. */
  static List<String> missingFrom(List<String> args) {
    return switch (runner(args, "DirectRunner")) {
      case "directrunner" -> missing(DIRECT, args);
      case "flinkrunner" -> {
        List<String> missing = new ArrayList<>(missing(FLINK, args));
        boolean isUnaligned = isOn("--unalignedCheckpointEnabled", args);
        missing.addAll(missing(isUnaligned ? UNALIGNED_CHECKPOINTS : CHECKPOINTS, args));
        missing.addAll(
            switch (value("--flinkMaster", args, FlinkOptions.EMBEDDED)) {
              case FlinkOptions.EMBEDDED -> missing(embeddedFlink(), args);
              case FlinkOptions.SURROUNDING -> missing(FLINK_CLUSTER, args);
              default -> missing(remoteFlink(), args);
            });
        yield missing;
      }
      case "dataflowrunner" -> {
        List<String> missing = new ArrayList<>(missing(DATAFLOW, args));
        missing.addAll(dataflowExperiments(args));
        missing.addAll(missing(dataflowJars(), args));
        yield missing;
      }
      default -> List.of();
    };
  }

  /**
   * Returns what names the Flink cluster that this code runs in, unless {@code args} names a
   * runner.
   */
  static List<String> surroundingFlink(List<String> args) {
    if (!runner(args, "FlinkRunner").equals("flinkrunner")) {
      return List.of();
    }
    return missing(
        List.of("--runner=FlinkRunner", "--flinkMaster=" + FlinkOptions.SURROUNDING), args);
  }

  /** Returns the default of {@code --jobName} on Dataflow, unless {@code args} sets it. */
  static List<String> dataflowJobName(List<String> args) {
    return missing(List.of(DATAFLOW.get(0)), args);
  }

  /** Says which runners there are, of a command line with another one. */
  static String supported(List<String> args) {
    return runner(args, "").equals("dataflowrunner")
        ? "only ./sessionizer run has it, in a jar of its own"
        : "must be DirectRunner, FlinkRunner or DataflowRunner";
  }

  /** Returns the names of the flags that have a default of ours on this runner. */
  static List<String> names(String runner, String master) {
    return missingFrom(List.of("--runner=" + runner, "--flinkMaster=" + master)).stream()
        .map(flag -> name(flag).substring("--".length()))
        .distinct()
        .toList();
  }

  private static List<String> embeddedFlink() {
    return List.of(
        "--flinkConfDir=" + EmbeddedFlink.conf(),
        // More subtasks than this need more network buffers than Flink takes by default.
        "--parallelism=" + Math.min(8, Runtime.getRuntime().availableProcessors()),
        // Flink's own default keeps checkpoints in memory, 5 MB at most: with more state every
        // checkpoint fails, and the job begins again, for ever.
        "--stateBackend=filesystem",
        "--stateBackendStoragePath=" + EmbeddedFlink.checkpoints().toUri(),
        // Flink's own default is to try again for ever, also after an error that stays.
        "--numberOfExecutionRetries=3",
        "--executionRetryDelay=10000");
  }

  private static List<String> remoteFlink() {
    List<String> flags = new ArrayList<>(FLINK_CLUSTER);
    // Else Beam sends everything that is on the class path, Flink included.
    flags.add("--filesToStage=" + JobJar.path());
    return flags;
  }

  /** Experiments are a list, to which the user's flags only add. */
  private static List<String> dataflowExperiments(List<String> args) {
    List<String> given =
        args.stream()
            .filter(arg -> arg.startsWith("--experiments="))
            .flatMap(arg -> Arrays.stream(arg.substring(arg.indexOf('=') + 1).split(",", -1)))
            .toList();
    List<String> experiments = new ArrayList<>(List.of(UNSPLITTABLE_READ));
    if (given.stream().noneMatch(DataflowFlags::meansRunnerV2)) {
      experiments.add(RUNNER_V1);
    }
    experiments.removeAll(given);
    return experiments.stream().map(experiment -> "--experiments=" + experiment).toList();
  }

  private static List<String> dataflowJars() {
    return DataflowJars.paths().stream().map(jar -> "--filesToStage=" + jar).toList();
  }

  /** The runner's simple name in lower case: Beam takes the class, any case, and no "Runner". */
  private static String runner(List<String> args, String otherwise) {
    String runner = value("--runner", args, otherwise);
    String name = runner.substring(runner.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.endsWith("runner") ? name : name + "runner";
  }

  /** Whether a switch is on: Beam takes its name alone for true. */
  private static boolean isOn(String name, List<String> args) {
    return args.contains(name) || value(name, args, "false").equals("true");
  }

  private static String value(String name, List<String> args, String otherwise) {
    return args.stream()
        .filter(arg -> arg.startsWith(name + "="))
        .map(arg -> arg.substring(name.length() + 1))
        .findFirst()
        .orElse(otherwise);
  }

  private static List<String> missing(List<String> flags, List<String> args) {
    return flags.stream()
        .filter(flag -> args.stream().noneMatch(arg -> name(arg).equals(name(flag))))
        .toList();
  }

  private static String name(String flag) {
    return flag.split("=", 2)[0];
  }
}
