package io.sessionizer.launch.spark;

import io.sessionizer.config.GivenFlags;
import java.util.ArrayList;
import java.util.List;

/** Flags of the Spark runner that we want otherwise than the runner does, unless they are given. */
public final class SparkDefaults {
  private static final List<String> ALL =
      List.of(
          // Beam's own is made of the user's name and the time.
          "--jobName=sessionizer",
          "--appName=sessionizer",
          // Visits that are read again are counted again, and the standard of the runner drops them
          // when memory runs short.
          "--storageLevel=MEMORY_AND_DISK",
          // Sorts the visits of a shard on disk. Otherwise all of them are in memory.
          "--preferGroupByKeyToHandleHugeValues=true");

  private SparkDefaults() {}

  /** Returns those that are not given. */
  public static List<String> missing(GivenFlags given) {
    List<String> flags = new ArrayList<>(ALL);
    flags.add("--sparkMaster=" + SparkMaster.usual());
    return given.missing(flags);
  }
}
