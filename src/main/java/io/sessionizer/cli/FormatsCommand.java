package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.formats.KnownFormats;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the formats of events that the sessionizer knows, or prints one. */
@Command(
    name = "formats",
    customSynopsis = "sessionizer formats [NAME]",
    description = {
      "Lists the formats of events that --visitFormat knows by name, or prints one.",
      "A format is a YAML file. To change one, write it into a file, and give its path with a '/' in"
          + " it: --visitFormat=./mine.yaml"
    },
    footer = {
      "./sessionizer formats",
      "./sessionizer formats segment > mine.yaml",
      "./sessionizer run --input=events.jsonl --output=out --visitFormat=./mine.yaml"
    })
final class FormatsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "the format to print; without it all are listed")
  private @Nullable String name;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws BadFlagsException {
    PrintWriter out = spec.commandLine().getOut();
    if (name == null) {
      int width = KnownFormats.NAMES.stream().mapToInt(String::length).max().orElse(0);
      for (String each : KnownFormats.NAMES) {
        out.println(each + " ".repeat(width - each.length() + 2) + KnownFormats.summary(each));
      }
    } else if (KnownFormats.NAMES.contains(name)) {
      out.print(KnownFormats.file(name));
    } else {
      throw new BadFlagsException(
          List.of(
              "%s: no such format; there are %s"
                  .formatted(name, String.join(", ", KnownFormats.NAMES))));
    }
    out.flush();
    return SessionizationJob.DONE;
  }
}
