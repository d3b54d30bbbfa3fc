package io.sessionizer.launch.dataflow;

import io.sessionizer.config.GivenFlags;
import java.util.ArrayList;
import java.util.List;

/** Flags of the Dataflow runner that we want otherwise than it does, unless they are given. */
public final class DataflowDefaults {
  /** Beam's own is made of the user's name and the time, and an update goes by the name. */
  private static final String JOB_NAME = "--jobName=sessionizer";

  /** The name of a step is the address of its state. */
  private static final String UNIQUE_NAMES = "--stableUniqueNames=ERROR";

  private static final List<String> OF_TOPICS =
      List.of(
          JOB_NAME,
          "--streaming=true",
          // State and shuffles are in the service: small disks, and workers that come and go.
          "--enableStreamingEngine=true",
          UNIQUE_NAMES);

  private static final List<String> OF_FILES = List.of(JOB_NAME, UNIQUE_NAMES);

  /**
   * KafkaIO is not to read by its splittable step, which splits what it has read at any offset, and
   * would lose or repeat a part of the records that are handed over together.
   */
  private static final String UNSPLITTABLE_READ = "use_unbounded_sdf_wrapper";

  /** Else the service may take Runner v2 by itself. */
  private static final String RUNNER_V1 = "disable_runner_v2";

  private DataflowDefaults() {}

  /** Returns those that are not given. */
  public static List<String> missing(GivenFlags given) {
    List<String> missing =
        new ArrayList<>(given.missing(given.value("--input", "").isEmpty() ? OF_TOPICS : OF_FILES));
    missing.addAll(experiments(given.values("--experiments")));
    missing.addAll(
        given.missing(DataflowJars.paths().stream().map(jar -> "--filesToStage=" + jar).toList()));
    return missing;
  }

  /** Returns the default of {@code --jobName}, unless it is given. */
  public static List<String> jobName(GivenFlags given) {
    return given.missing(List.of(JOB_NAME));
  }

  /** Experiments are a list, to which the user's flags only add. */
  private static List<String> experiments(List<String> given) {
    List<String> experiments = new ArrayList<>(List.of(UNSPLITTABLE_READ));
    if (given.stream().noneMatch(DataflowFlags::meansRunnerV2)) {
      experiments.add(RUNNER_V1);
    }
    experiments.removeAll(given);
    return experiments.stream().map(experiment -> "--experiments=" + experiment).toList();
  }
}
