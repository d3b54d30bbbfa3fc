package io.sessionizer.cli;

import io.sessionizer.formats.KnownFormats;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Prints a script with which bash completes commands, flags and values. Picocli's own script knows
 * none of the job's flags, and no value behind {@code =}.
 */
@Command(
    name = "completion",
    description = {
      "Prints a script for Tab completion in bash.",
      "It completes commands, flags and values. The command of the example enables it in the current shell. A line in ~/.bashrc enables it in"
          + " every shell."
    },
    footer = "source <(./sessionizer completion)")
final class CompletionCommand implements Runnable {
  /**
   * Completes the word at the cursor. Bash splits {@code --name=value} at {@code =} into three
   * words, unless the user's COMP_WORDBREAKS has none.
   */
  private static final String SCRIPT =
      """
      # Completes the commands, flags and values of sessionizer in bash.
      _sessionizer_flags() {
        case $1 in
      %s\
        esac
      }

      _sessionizer_values() {
        case $1 in
      %s\
        esac
      }

      _sessionizer_files() {
        case " %s " in *" $1 "*) return 0 ;; esac
        return 1
      }

      _sessionizer() {
        local IFS=$' \\t\\n' word=${COMP_WORDS[COMP_CWORD]} flag= prefix= values
        local before=${COMP_WORDS[COMP_CWORD-1]}
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "%s --help --version" -- "$word"))
          return
        fi
        values=" $(_sessionizer_flags "${COMP_WORDS[1]}") "
        if [[ $word == --*=* ]]; then
          flag=${word%%%%=*} prefix=${word%%%%=*}= word=${word#*=}
        elif [ "$word" = = ]; then
          flag=$before word=
        elif [ "$before" = = ]; then
          flag=${COMP_WORDS[COMP_CWORD-2]}
        elif [[ $word != --* && $values == *" $before= "* ]]; then
          flag=$before
        fi
        if [ -z "$flag" ]; then
          COMPREPLY=($(compgen -W "$values" -- "$word"))
          if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
            compopt -o nospace 2>/dev/null
          fi
        elif _sessionizer_files "$flag"; then
          IFS=$'\\n'
          COMPREPLY=($(compgen -P "$prefix" -f -- "$word"))
          compopt -o filenames 2>/dev/null
        else
          COMPREPLY=($(compgen -P "$prefix" -W "$(_sessionizer_values "$flag")" -- "$word"))
        fi
      }

      complete -F _sessionizer sessionizer
      """;

  /** The values of flags that have few, by flag. */
  private static final Map<String, List<String>> VALUES =
      Map.of(
          "--engine", List.of("windows", "stateful"),
          "--runner", List.of("DirectRunner", "FlinkRunner", "SparkRunner", "DataflowRunner"),
          "--eventTimeFormat",
              List.of("iso8601", "epoch-seconds", "epoch-millis", "epoch-micros", "epoch-nanos"),
          "--startFrom", List.of("earliest", "latest", "committed"),
          "--workload", Benchmark.WORKLOADS,
          "--contender", Benchmark.CONTENDERS);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(script(Sessionizer.commandLine()));
    out.flush();
  }

  private static String script(CommandLine all) {
    Map<String, CommandLine> commands = all.getSubcommands();
    String flags =
        commands.values().stream()
            .map(CommandLine::getCommandSpec)
            .map(command -> option(command.name(), words(command)))
            .collect(Collectors.joining());
    Map<String, String> values = new TreeMap<>();
    VALUES.forEach((flag, words) -> values.put(flag, String.join(" ", words)));
    values.put("--timeZone", zones());
    values.put("--visitFormat", String.join(" ", KnownFormats.NAMES));
    values.put("--eventTimeZone", zones());
    names(all, flag -> flag.label().isEmpty()).forEach(name -> values.put(name, "true false"));
    return SCRIPT.formatted(
        flags,
        values.entrySet().stream()
            .map(flag -> option(flag.getKey(), flag.getValue()))
            .collect(Collectors.joining()),
        names(all, flag -> List.of("DIR", "FILE", "FOLDER", "GLOB", "PATH").contains(flag.label()))
            .collect(Collectors.joining(" ")),
        String.join(" ", commands.keySet()));
  }

  /** Returns the time zones that are named after places, and UTC. */
  private static String zones() {
    return ZoneId.getAvailableZoneIds().stream()
        .filter(zone -> zone.equals("UTC") || zone.matches("(?!Etc|SystemV)\\w+/.+"))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static String option(String name, String words) {
    return "    %s) echo \"%s\" ;;\n".formatted(name, words);
  }

  /** Returns the flags of a command, and of {@code formats} the names of formats. */
  private static String words(CommandSpec command) {
    Stream<String> flags =
        helps(command)
            .map(flag -> flag.label().matches("|\\[.*") ? flag.name() : flag.name() + "=");
    Stream<String> names =
        command.name().equals("formats") ? KnownFormats.NAMES.stream() : Stream.of();
    return Stream.concat(names, flags).collect(Collectors.joining(" "));
  }

  private static Stream<FlagHelp> helps(CommandSpec command) {
    return HelpGroups.of(command).stream().flatMap(group -> group.all().stream());
  }

  private static Stream<String> names(CommandLine all, Predicate<FlagHelp> condition) {
    return all.getSubcommands().values().stream()
        .flatMap(command -> helps(command.getCommandSpec()))
        .filter(condition)
        .map(FlagHelp::name)
        .distinct()
        .sorted();
  }
}
