package io.sessionizer.spark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on files with Spark, compared with the same job on Flink; each is a process. */
class SparkIT {
  private static final Path LAUNCHER = Path.of("sessionizer").toAbsolutePath();
  private static final Pattern COUNTS = Pattern.compile("done: .*");
  private static final int FILES = 4;
  private static final int SECONDS = 180;

  @TempDir static Path folder;
  private static String input;
  private static Job onFlink;

  /** What a job has left behind. */
  private record Job(int exitCode, Path out, String err) {
    List<String> lines(String prefix) throws IOException {
      List<String> lines = new ArrayList<>();
      for (String name : names()) {
        if (name.startsWith(prefix)) {
          lines.addAll(Files.readAllLines(out.resolve(name)));
        }
      }
      return lines.stream().sorted().toList();
    }

    /** The files that are not hidden. */
    List<String> names() throws IOException {
      try (Stream<Path> files = Files.list(out)) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> !name.startsWith("."))
            .sorted()
            .toList();
      }
    }

    String counts() {
      Matcher counts = COUNTS.matcher(err);
      return counts.find() ? counts.group() : err;
    }

    void assertEqualTo(Job expected) throws IOException {
      assertEquals(0, exitCode, err);
      assertEquals(expected.lines("sessions-"), lines("sessions-"));
      assertEquals(expected.lines("dead-letters-"), lines("dead-letters-"));
      assertEquals(expected.counts(), counts());
      assertTrue(names().contains("_SUCCESS"), err);
      assertFalse(names().contains("_INCOMPLETE"), err);
    }
  }

  @BeforeAll
  static void runOnFlink() throws Exception {
    Path visits = folder.resolve("visits.jsonl");
    run(
        Map.of(),
        List.of(
            LAUNCHER.toString(),
            "generate",
            "--visits=20000",
            "--visitors=300",
            "--outOfOrder=5",
            "--late=5",
            "--duplicates=1",
            "--malformed=1",
            "--output=" + visits));
    divide(Files.readAllLines(visits, ISO_8859_1));
    onFlink = job(Map.of(), LAUNCHER, "flink", "run", "--runner=FlinkRunner");
    assertEquals(0, onFlink.exitCode(), onFlink.err());
    assertTrue(onFlink.lines("sessions-").size() > 1000, onFlink.err());
    assertTrue(onFlink.lines("dead-letters-").size() > 100, onFlink.err());
  }

  /**
   * Writes lines, some of which are not UTF-8, in any order to four files, two of them compressed.
   */
  private static void divide(List<String> lines) throws IOException {
    Collections.shuffle(lines, new Random(1));
    Path in = Files.createDirectories(folder.resolve("in"));
    input = in + "/*";
    for (int file = 0; file < FILES; file++) {
      boolean isCompressed = file < FILES / 2;
      Path path = in.resolve(file + (isCompressed ? ".jsonl.gz" : ".jsonl"));
      try (OutputStream plain = Files.newOutputStream(path);
          OutputStream out = isCompressed ? new GZIPOutputStream(plain) : plain) {
        for (int at = file; at < lines.size(); at += FILES) {
          out.write((lines.get(at) + "\n").getBytes(ISO_8859_1));
        }
      }
    }
  }

  /** Spark in the process of the command. */
  @Nested
  class InThisProcess {
    @Test
    void givesSessionsOfFlink() throws Exception {
      Job job =
          job(Map.of(), LAUNCHER, "local", "run", "--runner=SparkRunner", "--sparkMaster=local[2]");
      job.assertEqualTo(onFlink);
      assertEquals(
          List.of(),
          job.err().lines().filter(line -> !line.contains(" SessionizationJob - ")).toList());
    }

    @Test
    void damagedFileFailsWithName() throws Exception {
      Path damaged = Files.createDirectories(folder.resolve("damaged")).resolve("0.jsonl.gz");
      byte[] whole = Files.readAllBytes(folder.resolve("in/0.jsonl.gz"));
      Files.write(damaged, Arrays.copyOf(whole, whole.length - 100));
      Path out = folder.resolve("out-of-damaged");
      List<String> line =
          List.of(
              LAUNCHER.toString(),
              "run",
              "--runner=SparkRunner",
              "--sparkMaster=local[2]",
              "--input=" + damaged,
              "--output=" + out);
      Job job = run(Map.of(), line, out);
      assertEquals(1, job.exitCode(), job.err());
      assertTrue(job.err().contains("the job failed: cannot read " + damaged), job.err());
      assertFalse(job.err().contains("\tat "), job.err());
      assertFalse(Files.exists(out), "a failed job deletes what it has written");
    }

    @Test
    void topicIsInvalid() throws Exception {
      Job job = run(Map.of(), List.of(LAUNCHER.toString(), "run", "--runner=SparkRunner"), folder);
      assertEquals(2, job.exitCode(), job.err());
      assertTrue(job.err().contains("--runner=SparkRunner: reads files"), job.err());
    }
  }

  @Test
  void hasFlagsThatAreCheckedBefore() throws Exception {
    Path file = Path.of("src/main/resources/io/sessionizer/launch/spark/spark-flags.txt");
    Path jars = Path.of("target", "spark").toAbsolutePath();
    List<String> line =
        List.of(
            "java",
            "-XX:TieredStopAtLevel=1",
            "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
            "-Dslf4j.internal.verbosity=WARN",
            "-cp",
            "%1$s/test-classes:%1$s/sessionizer-spark.jar:%1$s/spark/*".formatted(jars),
            RunnerFlagNames.class.getName());
    assertEquals(Files.readString(file), run(Map.of(), line).err());
  }

  /** A master and a worker. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OnCluster {
    private static final Path SUBMIT = Path.of("runners/spark/submit.sh").toAbsolutePath();
    private SparkCluster cluster;

    @BeforeAll
    void startCluster() throws Exception {
      cluster = SparkCluster.start(Files.createDirectories(folder.resolve("cluster")));
    }

    @AfterAll
    void stopCluster() {
      cluster.close();
    }

    @Test
    void givesSessionsOfFlink() throws Exception {
      job(
              Map.of("SESSIONIZER_JAVA_OPTS", cluster.javaOptions()),
              SUBMIT,
              "cluster",
              "--sparkMaster=" + cluster.master())
          .assertEqualTo(onFlink);
    }

    @Test
    void startsWithItsOwnSpark() throws Exception {
      job(
              Map.of("SPARK_HOME", cluster.home().toString()),
              SUBMIT,
              "submitted",
              "--sparkMaster=" + cluster.master())
          .assertEqualTo(onFlink);
    }

    /** The job may fail, and then leaves nothing. */
    @Test
    void lostExecutorChangesNoSession() throws Exception {
      Path out = folder.resolve("out-of-lost");
      Map<String, String> environment = Map.of("SPARK_HOME", cluster.home().toString());
      List<String> line =
          List.of(
              SUBMIT.toString(),
              "--sparkMaster=" + cluster.master(),
              "--input=" + input,
              "--output=" + out);
      Started started = Started.of(environment, line);
      cluster.loseExecutor();
      Job job = started.finish(out);
      if (job.exitCode() != 0) {
        assertEquals(1, job.exitCode(), job.err());
        assertFalse(Files.exists(out), "a failed job deletes what it has written");
        job = run(environment, line, out);
      }
      job.assertEqualTo(onFlink);
    }
  }

  private static Job job(Map<String, String> environment, Path script, String name, String... args)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(script.toString()));
    line.addAll(List.of(args));
    Path out = folder.resolve("out-of-" + name);
    line.addAll(List.of("--input=" + input, "--output=" + out));
    return run(environment, line, out);
  }

  private static Job run(Map<String, String> environment, List<String> line)
      throws IOException, InterruptedException {
    return run(environment, line, folder);
  }

  private static Job run(Map<String, String> environment, List<String> line, Path out)
      throws IOException, InterruptedException {
    return Started.of(environment, line).finish(out);
  }

  /** A process that may still run. */
  private record Started(List<String> line, Process process, Path err) {
    static Started of(Map<String, String> environment, List<String> line) throws IOException {
      Path err = Files.createTempFile(folder, "job", ".err");
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().remove("SPARK_HOME");
      builder.environment().putIfAbsent("SESSIONIZER_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      builder.environment().putAll(environment);
      return new Started(line, builder.redirectOutput(err.toFile()).start(), err);
    }

    Job finish(Path out) throws IOException, InterruptedException {
      try {
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> line + " still runs");
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return new Job(process.exitValue(), out, Files.readString(err));
    }
  }
}
