package io.sessionizer.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete commands and flags. */
@Command(
    name = "completion",
    description = {
      "Prints a script with which bash completes commands and flags.",
      "To have it in this terminal:",
      "",
      "  source <(./sessionizer completion)"
    })
final class CompletionCommand implements Runnable {
  /**
   * Picocli's completion is for {@code --name VALUE}; the job's flags are {@code --name=VALUE}, so
   * no blank follows one that needs a value.
   */
  private static final String AFTERWARDS =
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
    out.print(AFTERWARDS.formatted(flagsWithValue()));
    out.flush();
  }

  private static String flagsWithValue() {
    return Stream.concat(
            JobFlags.all().flags().stream()
                .filter(flag -> !flag.isSwitch())
                .map(JobFlags.Flag::name),
            CommandModel.RUNNERS_FLAGS.stream())
        .collect(Collectors.joining(" "));
  }
}
