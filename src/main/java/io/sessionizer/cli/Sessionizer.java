package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line: {@code sessionizer <command>}. */
@Command(
    name = "sessionizer",
    description = "Turns website visits into sessions, with Apache Beam and Kafka.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RunCommand.class, BrokerCommand.class, TailCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed while it ran",
      "2:flags that cannot be used",
      "3:a broker, a topic or a port is not as it has to be",
      "130:ended by Ctrl-C (143: by SIGTERM)"
    })
public final class Sessionizer {
  private static final Logger LOG = LoggerFactory.getLogger(Sessionizer.class);

  private Sessionizer() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command and returns its exit code. */
  static int run(String... args) {
    CommandLine commandLine =
        new CommandLine(new Sessionizer())
            .setExecutionStrategy(Sessionizer::executeUnlessBad)
            .setExecutionExceptionHandler((e, command, parsed) -> report(e));
    commandLine.getSubcommands().values().forEach(Sessionizer::collectErrors);
    collectErrors(commandLine);
    RunCommand.describeFlags(commandLine.getSubcommands().get("run"));
    return commandLine.execute(args);
  }

  private static void collectErrors(CommandLine commandLine) {
    commandLine.getCommandSpec().parser().collectErrors(true);
  }

  /** Picocli stops at the first problem unless it is told to collect them. */
  private static int executeUnlessBad(ParseResult parsed) {
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return SessionizationJob.DONE;
    }
    List<String> problems = new ArrayList<>();
    ParseResult command = parsed;
    command.errors().forEach(e -> problems.add(e.getMessage()));
    while (command.hasSubcommand()) {
      command = command.subcommand();
      command.errors().forEach(e -> problems.add(e.getMessage()));
    }
    if (command == parsed && problems.isEmpty()) {
      problems.add("which command? " + parsed.commandSpec().subcommands().keySet());
    }
    if (!problems.isEmpty()) {
      return badFlags(problems, command.commandSpec().qualifiedName());
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int report(Exception e) {
    if (e instanceof BadFlagsException bad) {
      return badFlags(bad.problems(), "sessionizer run");
    }
    if (e instanceof NotReadyException) {
      System.err.println("sessionizer: " + e.getMessage());
      return SessionizationJob.NOT_READY;
    }
    LOG.error("failed", e);
    return SessionizationJob.FAILED;
  }

  private static int badFlags(List<String> problems, String command) {
    problems.forEach(problem -> System.err.println("sessionizer: " + problem));
    System.err.println("Try " + command + " --help");
    return SessionizationJob.BAD_FLAGS;
  }
}
