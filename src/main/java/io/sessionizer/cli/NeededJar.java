package io.sessionizer.cli;

import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.launch.Launcher;
import java.util.List;
import java.util.Optional;

/**
 * Prints the file name of the jar that a command line needs besides the one with all commands, or
 * in place of it; nothing if it needs none. Flags and files are read as the command reads them, but
 * without Beam and Kafka, so that the script that starts commands loses little time with it.
 */
final class NeededJar {
  private NeededJar() {}

  /** Prints it for a command and its flags. */
  public static void main(String[] args) {
    needed(List.of(args)).ifPresent(System.out::println);
  }

  private static Optional<String> needed(List<String> args) {
    if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
      return Optional.empty();
    }
    // The flags that name a jar are no switches; it makes no difference which of the others are.
    List<String> flags = FlagSpelling.normalized(args.subList(1, args.size()), name -> false);
    Launcher launcher = Launcher.of(GivenFlags.withFile(flags));
    return switch (args.get(0)) {
      case "run" -> launcher.ownJar().or(launcher::submittedJar);
      case "demo" -> launcher.submittedJar();
      default -> Optional.empty();
    };
  }
}
