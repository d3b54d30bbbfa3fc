package io.sessionizer.cli;

import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.launch.Launcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prints the file name of the jar that a command line needs besides the one with all commands, or
 * in place of it; nothing if it needs none. Flags and files are read as the command reads them, but
 * without Beam and Kafka, so that the script that starts commands loses little time with it.
 */
final class NeededJar {
  private static final String CONFIG = "--config";

  private NeededJar() {}

  /** Prints it for a command and its flags. */
  public static void main(String[] args) {
    needed(List.of(FlagSpelling.camelCase(args))).ifPresent(System.out::println);
  }

  private static Optional<String> needed(List<String> args) {
    if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
      return Optional.empty();
    }
    Launcher launcher = Launcher.of(GivenFlags.withFile(flags(args.subList(1, args.size()))));
    return switch (args.get(0)) {
      case "run" -> launcher.ownJar().or(launcher::submittedJar);
      case "demo" -> launcher.submittedJar();
      default -> Optional.empty();
    };
  }

  /** Joins the name of a file, which may be the next word, to its flag. */
  private static List<String> flags(List<String> args) {
    List<String> flags = new ArrayList<>();
    for (String arg : args) {
      int last = flags.size() - 1;
      if (last >= 0 && flags.get(last).equals(CONFIG)) {
        flags.set(last, CONFIG + "=" + arg);
      } else {
        flags.add(arg);
      }
    }
    return flags;
  }
}
