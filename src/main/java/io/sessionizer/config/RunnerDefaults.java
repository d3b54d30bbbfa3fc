package io.sessionizer.config;

import java.util.List;
import java.util.Map;

/** Flags of a runner that we want otherwise than the runner does, unless the user gives them. */
final class RunnerDefaults {
  private static final String RUNNER = "--runner=";
  private static final Map<String, List<String>> BY_RUNNER =
      Map.of(
          "DirectRunner",
          List.of(
              // Without it run() does not return before the end, and nothing could cancel the job.
              "--blockOnRun=false",
              // Bundles in parallel overtake each other: a correction could be written before the
              // session that it corrects.
              "--targetParallelism=1",
              // A check for tests, which have it on: it takes time, and KafkaIO's own coder for
              // records of bytes fails it, with a warning per record.
              "--enforceImmutability=false"));

  private RunnerDefaults() {}

  /** Returns the defaults that {@code args} does not set. */
  static List<String> missingFrom(List<String> args) {
    String given =
        args.stream()
            .filter(arg -> arg.startsWith(RUNNER))
            .map(arg -> arg.substring(RUNNER.length()))
            .findFirst()
            .orElse("DirectRunner");
    return BY_RUNNER.keySet().stream()
        .filter(runner -> isNamed(runner, given))
        .flatMap(runner -> BY_RUNNER.get(runner).stream())
        .filter(flag -> args.stream().noneMatch(arg -> name(arg).equals(name(flag))))
        .toList();
  }

  /** Beam takes the class, its name in any case, and that without "Runner". */
  private static boolean isNamed(String runner, String given) {
    String simpleName = given.substring(given.lastIndexOf('.') + 1);
    return simpleName.equalsIgnoreCase(runner) || (simpleName + "Runner").equalsIgnoreCase(runner);
  }

  private static String name(String flag) {
    return flag.split("=", 2)[0];
  }
}
