package io.sessionizer.launch.spark;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.SessionizationOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Flags of the Spark runner that do not work, or not together, and would fail late or in silence.
 *
 * @param master where Spark runs
 * @param storageLevel where visits are kept that two steps read
 * @param cacheDisabled whether they are not kept
 * @param input what the job reads; null for a topic
 * @param output what the job writes, if it reads files
 */
public record SparkFlags(
    String master,
    String storageLevel,
    boolean cacheDisabled,
    @Nullable List<String> input,
    @Nullable String output) {
  /** Those with which nothing is read again when memory runs short. */
  private static final Set<String> STORAGE_LEVELS =
      Set.of("MEMORY_AND_DISK", "MEMORY_AND_DISK_SER", "DISK_ONLY");

  private static final Pattern ABSOLUTE = Pattern.compile("/|[a-zA-Z][a-zA-Z0-9+.-]*:/");

  /** Reads the flags of a runner on the class path. */
  public static SparkFlags of(SessionizationOptions options) {
    return of(options, FlagReader.values(options));
  }

  /**
   * Reads flags.
   *
   * @param values the runner's own, by name
   */
  public static SparkFlags of(SessionizationOptions options, JsonNode values) {
    return new SparkFlags(
        values.path("sparkMaster").asText(SparkMaster.usual()),
        values.path("storageLevel").asText("MEMORY_AND_DISK"),
        values.path("cacheDisabled").asBoolean(),
        options.getInput() == null ? null : options.getInput().values(),
        options.getOutput());
  }

  /** Returns every problem there is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (input == null) {
      problems.add(
          "--runner=SparkRunner: reads files, give --input and --output; for a topic use"
              + " FlinkRunner, since Beam's Spark runner has no event-time timers in a stream,"
              + " which close sessions");
    } else {
      if (input.contains(FileNames.STANDARD)) {
        problems.add("--input=-: not on Spark; name files");
      }
      if (output == null) {
        problems.add("--runner=SparkRunner: needs --output=DIR, since it writes no topics");
      } else if (output.equals(FileNames.STANDARD)) {
        problems.add("--output=-: not on Spark; name a folder");
      } else if (!isOnEveryMachine(output)) {
        problems.add(
            "--output=%s: executors have other working folders; give an absolute path, on storage"
                    .formatted(output)
                + " that they share");
      }
    }
    if (!SparkMaster.isSupported(master)) {
      problems.add(
          "--sparkMaster=%s: must be local[*], local[THREADS] or spark://HOST:PORT; any other is"
                  .formatted(master)
              + " for runners/spark/submit.sh");
    }
    if (!STORAGE_LEVELS.contains(storageLevel)) {
      problems.add(
          "--storageLevel=%s: must be MEMORY_AND_DISK, MEMORY_AND_DISK_SER or DISK_ONLY, so that no"
                  .formatted(storageLevel)
              + " visit is read and counted twice");
    }
    if (cacheDisabled) {
      problems.add("--cacheDisabled=true: reads and counts visits twice; leave it out");
    }
    return problems;
  }

  private boolean isOnEveryMachine(String folder) {
    return SparkMaster.isThisProcess(master) || ABSOLUTE.matcher(folder).lookingAt();
  }

  /** Prepares this process for Spark, and returns the jars that executors need. */
  public List<String> prepare() {
    SparkMaster.configure(master);
    return SparkMaster.isThisProcess(master) ? List.of() : List.of(SparkJar.path().toString());
  }
}
