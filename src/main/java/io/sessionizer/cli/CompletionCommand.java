package io.sessionizer.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script with which bash completes commands and flags. */
@Command(
    name = "completion",
    description = {
      "Prints a script with which bash completes commands and flags.",
      "To enable it in this shell:",
      "",
      "  source <(./sessionizer completion)"
    })
final class CompletionCommand implements Runnable {
  /**
   * Completes a flag that needs a value with {@code =} and no blank, as the job's flags are {@code
   * --name=VALUE}; picocli completes {@code --name VALUE}.
   */
  private static final String COMPLETE_WITH_EQUALS_SIGN =
      """

      _sessionizer() {
        _complete_sessionizer
        if [[ ${#COMPREPLY[@]} -eq 1 && " %s " == *" ${COMPREPLY[0]} "* ]]; then
          COMPREPLY=("${COMPREPLY[0]}=")
          if type compopt > /dev/null 2>&1; then compopt -o nospace; fi
        fi
      }
      complete -F _sessionizer -o default sessionizer
      """;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("sessionizer", CommandModel.create()));
    out.print(COMPLETE_WITH_EQUALS_SIGN.formatted(flagsWithValue()));
    out.flush();
  }

  private static String flagsWithValue() {
    return Stream.concat(
            JobFlags.all().flags().stream()
                .filter(flag -> !flag.isSwitch())
                .map(JobFlags.Flag::name),
            CommandModel.RUNNER_FLAGS.stream())
        .collect(Collectors.joining(" "));
  }
}
