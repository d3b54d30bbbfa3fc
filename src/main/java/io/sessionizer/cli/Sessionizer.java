package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.process.OutOfMemory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code sessionizer <command>}. */
@Command(
    name = "sessionizer",
    description = "Turns website visits into sessions, with Apache Beam and Kafka.",
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      InspectCommand.class,
      RunCommand.class,
      BrokerCommand.class,
      TopicsCommand.class,
      GenerateCommand.class,
      ProduceCommand.class,
      TailCommand.class,
      ExplainCommand.class,
      WatchCommand.class,
      ReportCommand.class,
      VerifyCommand.class,
      FormatsCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      ManCommand.class
    },
    exitCodeList = {
      "0:done",
      "1:failed while running",
      "2:invalid flags",
      "3:a broker, a topic, a port, a file or a Kafka setting cannot be used",
      "5:out of memory",
      "130:stopped by Ctrl-C (143: by SIGTERM)"
    })
public final class Sessionizer {
  static {
    // All texts are English; libraries, such as the logger, format digits by the default locale.
    Locale.setDefault(Locale.ROOT);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Sessionizer.class);

  /** Set later than by the annotation, from which commands would inherit them. */
  private static final String[] EXAMPLES = {
    "./sessionizer demo",
    "./sessionizer run --bootstrapServers=kafka:9092 --stopWhenDrained",
    "./sessionizer tail --topic=sessions"
  };

  @Option(
      names = {"-h", "--help"},
      scope = CommandLine.ScopeType.INHERIT,
      usageHelp = true,
      description = "show the most common flags, and exit. Short: -h")
  @SuppressWarnings("UnusedVariable") // picocli's
  private boolean help;

  @Option(
      names = "--all",
      scope = CommandLine.ScopeType.INHERIT,
      description = "with --help: show all flags and the exit codes")
  private boolean all;

  @Option(
      names = {"-V", "--version"},
      scope = CommandLine.ScopeType.INHERIT,
      versionHelp = true,
      description = "show the version, and exit. Short: -V")
  @SuppressWarnings("UnusedVariable") // picocli's
  private boolean version;

  private Sessionizer() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Sessions are UTF-8 in every locale; in many locales Java would print question marks.
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    OutOfMemory.endsProcess();
    System.exit(commandLine().execute(args));
  }

  private static PrintStream utf8(FileDescriptor output) {
    return new PrintStream(new FileOutputStream(output), true, StandardCharsets.UTF_8);
  }

  /** Creates the command line, with all commands. */
  static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new Sessionizer())
            .setExecutionStrategy(Sessionizer::executeIfValid)
            .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
    for (CommandLine command : commandLine.getSubcommands().values()) {
      command.getCommandSpec().preprocessor(new FlagWords());
      collectErrors(command);
    }
    collectErrors(commandLine);
    commandLine.getCommandSpec().usageMessage().footer(EXAMPLES);
    return commandLine;
  }

  /** Returns one of the commands. */
  static CommandLine subcommand(CommandLine commandLine, String name) {
    return Objects.requireNonNull(commandLine.getSubcommands().get(name), name);
  }

  private static void collectErrors(CommandLine commandLine) {
    commandLine.getCommandSpec().parser().collectErrors(true);
  }

  /** Executes a command, or reports all problems; picocli itself reports the first one only. */
  private static int executeIfValid(ParseResult parsed) {
    List<CommandLine> commands = parsed.asCommandLineList();
    CommandLine command = commands.get(commands.size() - 1);
    List<String> problems = new ArrayList<>();
    boolean isCommand = parsed.unmatched().isEmpty();
    if (isCommand && isRequested(commands, ParseResult::isVersionHelpRequested)) {
      command.printVersionHelp(command.getOut());
      return SessionizationJob.DONE;
    }
    boolean all = ((Sessionizer) parsed.commandSpec().userObject()).all;
    if (isCommand && isRequested(commands, ParseResult::isUsageHelpRequested)) {
      command.getOut().print(HelpPage.of(command, all, Terminal.STDOUT.ansi()));
      command.getOut().flush();
      return SessionizationJob.DONE;
    }
    if (!isCommand) {
      problems.add(
          FlagProblems.of(new UnmatchedArgumentException(commands.get(0), parsed.unmatched())));
    }
    if (parsed.hasSubcommand()) {
      problems.addAll(FlagProblems.of(command));
    }
    if (all) {
      problems.add("--all: needs --help");
    }
    if (!parsed.hasSubcommand() && problems.isEmpty()) {
      problems.add("which command? There are " + names(parsed.commandSpec()));
    }
    return problems.isEmpty()
        ? new CommandLine.RunLast().execute(parsed)
        : report(new BadFlagsException(problems), isCommand ? command : commands.get(0));
  }

  private static boolean isRequested(List<CommandLine> commands, Predicate<ParseResult> help) {
    return commands.stream().map(CommandLine::getParseResult).anyMatch(help);
  }

  private static String names(CommandSpec spec) {
    return String.join(", ", spec.subcommands().keySet());
  }

  private static int report(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    if (e instanceof BadFlagsException bad) {
      bad.problems()
          .forEach(
              problem -> err.println("sessionizer: " + FlagProblems.inCommand(problem, command)));
      err.println("Try " + command.getCommandSpec().qualifiedName() + " --help");
      return SessionizationJob.BAD_FLAGS;
    }
    if (e instanceof NotReadyException notReady) {
      notReady.problems().forEach(problem -> err.println("sessionizer: " + problem));
      return SessionizationJob.NOT_READY;
    }
    if (e instanceof IOException) {
      err.println("sessionizer: " + e.getMessage());
    } else {
      LOG.error("failed", e);
    }
    return SessionizationJob.FAILED;
  }
}
