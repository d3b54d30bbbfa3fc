package io.sessionizer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Option;

/** The flag for a file of flags, of commands that accept the job's flags. */
final class ConfigFlag {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML file of flags, name: value on each line. The command line takes precedence")
  private @Nullable Path file;

  /** Returns {@code flags}, preceded by this one if it was given. */
  List<String> before(List<String> flags) {
    List<String> all = new ArrayList<>();
    if (file != null) {
      all.add("--config=" + file);
    }
    all.addAll(flags);
    return all;
  }
}
