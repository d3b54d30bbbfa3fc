package io.sessionizer.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line with the job's flags among picocli's options, for completion. It does not parse
 * them: Beam does, see {@link JobFlags}.
 */
final class CommandModel {
  /** Beam's flags for where a job runs. */
  static final List<String> RUNNER_FLAGS =
      List.of("--runner", "--flinkMaster", "--jobName", "--project", "--region", "--tempLocation");

  private static final Map<String, JobFlags> JOB_FLAGS =
      Map.of(
          "run", JobFlags.all(),
          "demo", JobFlags.all(),
          "watch", JobFlags.all(),
          "report", JobFlags.all(),
          "explain", ExplainCommand.FLAGS);

  private CommandModel() {}

  /** Creates the command line. */
  static CommandLine create() {
    CommandLine commandLine = Sessionizer.commandLine();
    JOB_FLAGS.forEach(
        (name, flags) -> {
          CommandSpec command = Sessionizer.subcommand(commandLine, name).getCommandSpec();
          flags.flags().forEach(flag -> add(flag.name(), flag.isSwitch(), command));
          RUNNER_FLAGS.forEach(flag -> add(flag, false, command));
        });
    return commandLine;
  }

  private static void add(String name, boolean isSwitch, CommandSpec command) {
    OptionSpec.Builder option = OptionSpec.builder(name);
    command.addOption(
        isSwitch
            ? option.type(Boolean.class).arity("0").build()
            : option.type(String.class).arity("1").build());
  }
}
