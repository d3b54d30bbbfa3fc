package io.sessionizer.launch.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.AbsentFlags;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.launch.Preflight;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems of flags for Spark, without its runner. */
class SparkFlagsTest {
  private static final String TOPIC =
      "--runner=SparkRunner: reads files, give --input and --output; for a topic use FlinkRunner,"
          + " since Beam's Spark runner has no event-time timers in a stream, which close sessions";

  @Test
  void rejectsTopics() {
    assertEquals(List.of(TOPIC), problems());
    assertEquals(List.of(TOPIC), problems("--stopWhenDrained", "--streaming=true"));
  }

  @Test
  void rejectsStandardStreams() {
    assertEquals(
        List.of("--input=-: not on Spark; name files", "--output=-: not on Spark; name a folder"),
        problems("--input=-", "--output=-"));
  }

  @Test
  void reportsAllInvalidValuesAtOnce() {
    assertEquals(
        List.of(
            "--bundlesize: no such flag; did you mean --bundleSize?",
            "--enableSparkMetricSinks=perhaps: must be true or false",
            "--sessionGap=16: must be a duration such as 16m, 1h30m or PT16M",
            "--sparkMaster=yarn: must be local[*], local[THREADS] or spark://HOST:PORT; any other is"
                + " for runners/spark/submit.sh",
            "--storageLevel=MEMORY_ONLY: must be MEMORY_AND_DISK, MEMORY_AND_DISK_SER or DISK_ONLY,"
                + " so that no visit is read and counted twice",
            "--cacheDisabled=true: reads and counts visits twice; leave it out"),
        problems(
            "--input=visits/*",
            "--output=/out",
            "--bundlesize=1",
            "--enableSparkMetricSinks=perhaps",
            "--sessionGap=16",
            "--sparkMaster=yarn",
            "--storageLevel=MEMORY_ONLY",
            "--cacheDisabled=true"));
  }

  @Test
  void clusterNeedsAbsoluteOutput() throws Exception {
    String master = "--sparkMaster=spark://a:7077";
    assertEquals(
        List.of(
            "--output=out: executors have other working folders; give an absolute path, on storage"
                + " that they share"),
        problems("--input=visits/*", "--output=out", master));
    parse("--input=visits/*", "--output=/out", master);
    parse("--input=visits/*", "--output=file:/out", master);
  }

  @Test
  void rejectsWindowsEngine() {
    assertEquals(
        List.of("--engine=windows: not with --input; omit it"),
        problems("--input=visits/*", "--output=out", "--engine=windows"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local", "local[*]", "local[2]", "spark://a:7077", "spark://a:7077,b.c:7077"})
  void acceptsMasters(String master) throws Exception {
    JobSpec job = parse("--input=visits/*", "--output=/out", "--sparkMaster=" + master);
    assertEquals(Engine.STATEFUL, job.settings().engine());
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[0]", "local[two]", "spark://a", "a:7077", "k8s://https://a:443"})
  void rejectsOtherMasters(String master) {
    assertEquals(
        1, problems("--input=visits/*", "--output=/out", "--sparkMaster=" + master).size());
  }

  private static JobSpec parse(String... flags) throws BadFlagsException {
    List<String> all = new ArrayList<>(List.of("--runner=SparkRunner"));
    all.addAll(Arrays.asList(flags));
    return Preflight.parse(AbsentFlags.ofSpark(), all.toArray(String[]::new));
  }

  private static List<String> problems(String... flags) {
    return assertThrows(BadFlagsException.class, () -> parse(flags)).problems();
  }
}
