package io.sessionizer.repository;

import io.sessionizer.cli.CommandLines;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.AbsentFlags;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The flags that pages and scripts may name. */
final class KnownFlags {
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-zA-Z][\\w-]*");

  /** Programs whose flags are not ours. */
  private static final Pattern FOREIGN_PROGRAM =
      Pattern.compile(
          "^(?:docker|kubectl|gcloud|curl|promtool|\\d+ records)\\b|kafka-[\\w-]+\\.sh");

  /** Placeholders, a mistake, a hidden flag, and flags of other programs that stand alone. */
  private static final Set<String> FOREIGN =
      Set.of(
          "--name",
          "--NAME",
          "--sessionsGap",
          "--broken",
          "--partitions",
          "--volumes",
          "--target",
          "--print-only");

  private KnownFlags() {}

  /** Returns the flags that a text names. */
  static List<String> in(String text) {
    return FOREIGN_PROGRAM.matcher(text).find()
        ? List.of()
        : FLAG.matcher(text).results().map(flag -> flag.group()).toList();
  }

  /** Returns those of the commands, of the scripts and of other programs. */
  static Set<String> all() throws IOException {
    Set<String> flags = new TreeSet<>(FOREIGN);
    flags.addAll(CommandLines.flags());
    flags.addAll(ofScripts());
    return flags;
  }

  static boolean isKnown(String flag, Set<String> known) {
    return known.contains(flag) || isRunners(flag);
  }

  /** Whether Beam or a runner has a flag. */
  static boolean isRunners(String flag) {
    if (AbsentFlags.ofSpark().has(flag + "=1")) {
      return true;
    }
    try {
      Flags.parse(flag + "=1");
      return true;
    } catch (BadFlagsException e) {
      return e.problems().stream().noneMatch(problem -> problem.contains("no such flag"));
    }
  }

  /** Returns those that the scripts of the runners list in their help. */
  private static Set<String> ofScripts() throws IOException {
    Set<String> flags = new TreeSet<>();
    for (String runner : List.of("flink", "spark", "dataflow")) {
      try (var scripts = Files.newDirectoryStream(Path.of("runners", runner), "*.sh")) {
        for (Path script : scripts) {
          for (String line : Files.readAllLines(script)) {
            if (line.startsWith("  --")) {
              flags.add(line.strip().split("\\s", 2)[0]);
            }
          }
        }
      }
    }
    return flags;
  }
}
