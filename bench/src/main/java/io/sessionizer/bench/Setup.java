package io.sessionizer.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings that are the same for all runs.
 *
 * @param home the clone that this runs in
 * @param jar the sessionizer to measure
 * @param flags more flags for it
 * @param parallelism how many threads work; also the number of partitions
 * @param heap the most heap, as {@code -Xmx} takes it
 * @param allowedLateness how long after its end a session still accepts late visits
 * @param timeout after which a run is given up
 */
record Setup(
    Path home,
    Path jar,
    List<String> flags,
    int parallelism,
    String heap,
    Duration allowedLateness,
    Duration timeout) {
  /** Returns the options of every contender's JVM. */
  List<String> javaOptions() {
    return List.of(
        "-Xmx" + heap,
        "-XX:+UseParallelGC",
        "-XX:Tier4InvocationThreshold=50000",
        "-XX:Tier4MinInvocationThreshold=6000",
        "-XX:Tier4CompileThreshold=150000",
        "-XX:Tier4BackEdgeThreshold=400000",
        "-XX:MetaspaceSize=160m",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED");
  }
}
