package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.NameSuggestions;
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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code sessionizer <command>}. */
@Command(
    name = "sessionizer",
    description = "Turns website visits into sessions, with Apache Beam and Kafka.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      BrokerCommand.class,
      GenerateCommand.class,
      ProduceCommand.class,
      TailCommand.class,
      ExplainCommand.class,
      WatchCommand.class,
      ReportCommand.class,
      CompletionCommand.class,
      ManCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed while running",
      "2:invalid flags",
      "3:a broker, a topic, a port or a Kafka setting cannot be used",
      "4:records were read, and none was accepted",
      "5:out of memory",
      "130:stopped by Ctrl-C (143: by SIGTERM)"
    })
public final class Sessionizer {
  static {
    // All texts are English; libraries, such as the logger, format digits by the default locale.
    Locale.setDefault(Locale.ROOT);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Sessionizer.class);
  private static final Pattern UNKNOWN_TO_JOB =
      Pattern.compile("(--[\\w-]+): no such flag; \\./sessionizer run --help lists them");

  private Sessionizer() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Sessions are UTF-8 in every locale; in many locales Java would print question marks.
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    OutOfMemory.endsProcess();
    System.exit(commandLine().execute(FlagSpelling.camelCase(args)));
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
    commandLine.getSubcommands().values().forEach(Sessionizer::collectErrors);
    collectErrors(commandLine);
    JobFlags.all().describeIn(subcommand(commandLine, "run"));
    ExplainCommand.FLAGS.describeIn(subcommand(commandLine, "explain"));
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
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return SessionizationJob.DONE;
    }
    List<String> problems = new ArrayList<>();
    List<CommandLine> commands = parsed.asCommandLineList();
    for (CommandLine command : commands) {
      command.getParseResult().errors().forEach(e -> problems.add(problem(e)));
    }
    if (!parsed.hasSubcommand() && problems.isEmpty()) {
      problems.add("which command? " + parsed.commandSpec().subcommands().keySet());
    }
    return problems.isEmpty()
        ? new CommandLine.RunLast().execute(parsed)
        : report(new BadFlagsException(problems), commands.get(commands.size() - 1));
  }

  private static String problem(Exception e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(e.getMessage());
    }
    String word = unmatched.getUnmatched().get(0).replaceFirst("(?s)=.*", ""); // maybe a password
    CommandSpec command = unmatched.getCommandLine().getCommandSpec();
    if (word.startsWith("-")) {
      return word + ": no such flag" + suggestion(word, command.optionsMap().keySet());
    }
    Set<String> commands = command.subcommands().keySet();
    return commands.isEmpty()
        ? word + ": not a flag; write --name=value"
        : word + ": no such command" + suggestion(word, commands);
  }

  private static String suggestion(String word, Set<String> known) {
    List<String> nearest = NameSuggestions.to(word, known);
    return nearest.isEmpty()
        ? "; there are " + String.join(", ", known)
        : "; did you mean " + String.join(" or ", nearest) + "?";
  }

  /** Suggests flags of the command itself for one that the job does not know. */
  private static String withSuggestion(String problem, CommandLine command) {
    Matcher unknown = UNKNOWN_TO_JOB.matcher(problem);
    if (!unknown.matches()) {
      return problem;
    }
    List<String> nearest =
        NameSuggestions.to(unknown.group(1), command.getCommandSpec().optionsMap().keySet());
    return nearest.isEmpty()
        ? problem
        : unknown.group(1) + ": no such flag; did you mean " + String.join(" or ", nearest) + "?";
  }

  private static int report(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    if (e instanceof BadFlagsException bad) {
      bad.problems()
          .forEach(problem -> err.println("sessionizer: " + withSuggestion(problem, command)));
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
