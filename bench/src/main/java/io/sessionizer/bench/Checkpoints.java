package io.sessionizer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints that a Flink job has completed.
 *
 * @param bytes the size of each
 * @param millis how long each took
 */
record Checkpoints(List<Long> bytes, List<Long> millis) {
  private static final Pattern COMPLETED =
      Pattern.compile(
          "Completed checkpoint \\d+ for job .*\\((\\d+) bytes, checkpointDuration=(\\d+) ms");

  /** Returns those that a log reports. */
  static Checkpoints in(Path log) throws IOException {
    Checkpoints all = new Checkpoints(new ArrayList<>(), new ArrayList<>());
    for (String line : Files.readAllLines(log)) {
      Matcher completed = COMPLETED.matcher(line);
      if (completed.find()) {
        all.bytes.add(Long.parseLong(completed.group(1)));
        all.millis.add(Long.parseLong(completed.group(2)));
      }
    }
    return all;
  }

  /** Returns the size of the largest one, 0 if there was none. */
  long mostBytes() {
    return bytes.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Returns how long the longest one took, 0 if there was none. */
  long mostMillis() {
    return millis.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
