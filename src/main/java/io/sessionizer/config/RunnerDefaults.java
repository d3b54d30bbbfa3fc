package io.sessionizer.config;

import java.util.List;
import java.util.Map;

/** Flags of a runner that we want otherwise than the runner does, unless the user gives them. */
final class RunnerDefaults {
  private static final String RUNNER = "--runner=";
  private static final Map<String, List<String>> BY_RUNNER =
      // Without it run() never returns, and Ctrl-C could not cancel the job.
      Map.of("DirectRunner", List.of("--blockOnRun=false"));

  private RunnerDefaults() {}

  /** Returns the defaults that {@code args} does not set. */
  static List<String> missingFrom(List<String> args) {
    String runner =
        args.stream()
            .filter(arg -> arg.startsWith(RUNNER))
            .map(arg -> arg.substring(RUNNER.length()))
            .findFirst()
            .orElse("DirectRunner");
    return BY_RUNNER.getOrDefault(runner, List.of()).stream()
        .filter(flag -> args.stream().noneMatch(arg -> name(arg).equals(name(flag))))
        .toList();
  }

  private static String name(String flag) {
    return flag.split("=", 2)[0];
  }
}
