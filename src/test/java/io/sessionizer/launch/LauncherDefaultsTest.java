package io.sessionizer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.GivenFlags;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LauncherDefaultsTest {
  @Test
  void embeddedFlinkKeepsCheckpointsInFiles() {
    Map<String, String> defaults = defaults("--runner=FlinkRunner");
    assertEquals("[local]", defaults.get("--flinkMaster"));
    assertEquals("10000", defaults.get("--checkpointingInterval"));
    assertEquals("filesystem", defaults.get("--stateBackend"));
    assertEquals("file", URI.create(defaults.get("--stateBackendStoragePath")).getScheme());
    assertTrue(Files.isReadable(Path.of(defaults.get("--flinkConfDir"), "config.yaml")));
  }

  @Test
  void onlyStatefulEngineSkipsCopies() {
    for (String master : List.of("[local]", "[auto]", "host:8081")) {
      String place = "--flinkMaster=" + master;
      assertEquals("true", defaults("--runner=flink", place).get("--fasterCopy"));
      assertEquals(
          "true", defaults("--runner=flink", place, "--engine=stateful").get("--fasterCopy"));
      assertFalse(
          defaults("--runner=flink", place, "--engine=windows").containsKey("--fasterCopy"));
      assertFalse(
          defaults("--runner=flink", place, "--fasterCopy=false").containsKey("--fasterCopy"));
    }
  }

  @Test
  void givenFlagsReplaceDefaults() {
    Map<String, String> defaults =
        defaults("--runner=FlinkRunner", "--stateBackend=rocksdb", "--objectReuse=false");
    assertFalse(defaults.containsKey("--stateBackend"));
    assertFalse(defaults.containsKey("--objectReuse"));
    assertTrue(defaults.containsKey("--stateBackendStoragePath"));
  }

  @Test
  void clusterKeepsItsOwnConfiguration() {
    Map<String, String> defaults = defaults("--runner=FlinkRunner", "--flinkMaster=host:8081");
    assertEquals("10000", defaults.get("--checkpointingInterval"));
    assertEquals("false", defaults.get("--attachedMode"));
    for (String its :
        List.of(
            "--stateBackend", "--parallelism", "--numberOfExecutionRetries", "--flinkConfDir")) {
      assertFalse(defaults.containsKey(its), its);
    }
  }

  @Test
  void stagesFlinkJarForClusterOnly() {
    Map<String, String> cluster = defaults("--runner=FlinkRunner", "--flinkMaster=host:8081");
    assertEquals(
        "sessionizer-flink.jar", Path.of(cluster.get("--filesToStage")).getFileName().toString());
    Map<String, String> surrounding = defaults("--runner=FlinkRunner", "--flinkMaster=[auto]");
    assertFalse(surrounding.containsKey("--filesToStage"));
    assertEquals("false", surrounding.get("--attachedMode"));
  }

  @Test
  void runnerNamesIgnoreCaseAndPackage() {
    Map<String, String> defaults = defaults("--runner=FlinkRunner");
    assertEquals(defaults, defaults("--runner=flinkrunner"));
    assertEquals(defaults, defaults("--runner=flink"));
    assertEquals(defaults, defaults("--runner=org.apache.beam.runners.flink.FlinkRunner"));
  }

  @Test
  void dataflowStreamsOnRunnerV1() {
    assertEquals(
        List.of(
            "--jobName=sessionizer",
            "--streaming=true",
            "--enableStreamingEngine=true",
            "--stableUniqueNames=ERROR",
            "--experiments=use_unbounded_sdf_wrapper",
            "--experiments=disable_runner_v2"),
        missing(List.of("--runner=DataflowRunner")));
  }

  @Test
  void dataflowExperimentsExtendGivenOnes() {
    assertEquals(
        List.of("--experiments=use_unbounded_sdf_wrapper"),
        experiments("--experiments=use_runner_v2"));
    assertEquals(
        List.of("--experiments=use_unbounded_sdf_wrapper", "--experiments=disable_runner_v2"),
        experiments("--experiments=a,b"));
    assertEquals(
        List.of("--experiments=disable_runner_v2"),
        experiments("--experiments=a,use_unbounded_sdf_wrapper", "--experiments=b"));
  }

  private static List<String> experiments(String... args) {
    List<String> all = new ArrayList<>(List.of("--runner=DataflowRunner"));
    all.addAll(List.of(args));
    return missing(all).stream().filter(flag -> flag.startsWith("--experiments")).toList();
  }

  @Test
  void sparkReadsNothingTwice() {
    assertEquals(
        List.of(
            "--jobName=sessionizer",
            "--appName=sessionizer",
            "--storageLevel=MEMORY_AND_DISK",
            "--preferGroupByKeyToHandleHugeValues=true",
            "--sparkMaster=local[*]"),
        missing(List.of("--runner=SparkRunner")));
    assertEquals(
        "DISK_ONLY",
        defaults("--runner=spark", "--storageLevel=DISK_ONLY")
            .getOrDefault("--storageLevel", "DISK_ONLY"));
  }

  @Test
  void otherRunnersKeepTheirDefaults() {
    assertEquals(Map.of(), defaults("--runner=SamzaRunner"));
    assertEquals(defaults(), defaults("--runner=DirectRunner"));
  }

  private static List<String> missing(List<String> args) {
    GivenFlags given = new GivenFlags(args);
    return Launcher.of(given).defaults(given);
  }

  private static Map<String, String> defaults(String... args) {
    return missing(Arrays.asList(args)).stream()
        .collect(Collectors.toMap(flag -> flag.split("=", 2)[0], flag -> flag.split("=", 2)[1]));
  }
}
