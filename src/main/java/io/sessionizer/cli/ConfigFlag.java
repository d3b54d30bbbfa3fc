package io.sessionizer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Option;

/** The file that the flags of the job may come from, for commands that take those. */
final class ConfigFlag {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "flags in a YAML file, NAME: VALUE on each line, without the dashes; those of the command"
              + " line count more")
  private @Nullable Path file;

  /** Returns {@code flags} with this one, if it was given, in front. */
  List<String> before(List<String> flags) {
    List<String> all = new ArrayList<>();
    if (file != null) {
      all.add("--config=" + file);
    }
    all.addAll(flags);
    return all;
  }
}
