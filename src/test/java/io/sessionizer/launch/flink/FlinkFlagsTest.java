package io.sessionizer.launch.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkFlagsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "--stateBackend=hashmap | must be rocksdb or filesystem (the heap)",
        "--checkpointingInterval=0 | must be 1 (ms) or more, or -1 for none",
        "--checkpointingInterval=none | must be a whole number",
        "--checkpointingMode=AT_LEAST_ONCE"
            + " | must be EXACTLY_ONCE, since sessions wait for a checkpoint",
        "--parallelism=0 | must be 1 or more",
        "--stateBackendStoragePath=/a | must be a URI such as file:///var/lib/flink",
        "--maxBundleSize=0 | must be 1 or more",
        "--maxBundleTimeMills=0 | must be 1 or more",
        "--autoWatermarkInterval=0 | must be 1 or more",
        "--savepointPath=/a | is for a cluster (--flinkMaster=HOST:PORT); here, put it as"
            + " execution.savepoint.path into the config.yaml of --flinkConfDir"
      })
  void reportsInvalidValue(String flag, String problem) {
    assertEquals(List.of(flag + ": " + problem), problems(flag));
  }

  @Test
  void rejectsFasterCopyOfWindowsOnHeap() {
    String problem =
        "--fasterCopy=true: with --engine=windows the state on the heap changes while it is saved; also give --stateBackend=rocksdb, or leave it out";
    assertEquals(List.of(problem), problems("--fasterCopy=true", "--engine=windows"));
    assertEquals(
        List.of(problem),
        problems("--fasterCopy=true", "--engine=windows", "--flinkMaster=host:8081"));
    assertEquals(List.of(), problems("--fasterCopy=true", "--engine=stateful"));
    assertEquals(List.of(), problems("--fasterCopy", "--engine=windows", "--stateBackend=rocksdb"));
  }

  @Test
  void warnsOfUnevenShards() throws BadFlagsException {
    assertEquals(
        List.of(
            "--parallelism=129: the stateful engine has 256 shards, which are spread evenly over 128 subtasks at most; of more, some have twice as many as others, or none"),
        warnings("--parallelism=129"));
    for (String uneven : List.of("100", "512")) {
      assertEquals(
          List.of(
              "--maxParallelism=%s: spreads the shards of the stateful engine unevenly over subtasks, as everything but a power of two up to 256 does; leave it out"
                  .formatted(uneven)),
          warnings("--maxParallelism=" + uneven));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--parallelism=128",
        "--maxParallelism=4 --parallelism=1",
        "--maxParallelism=256",
        "--parallelism=300 --maxParallelism=1000 --engine=windows"
      })
  void evenShardsAreNoWarning(String flags) throws BadFlagsException {
    assertEquals(List.of(), warnings(flags.split(" ", -1)));
  }

  private static List<String> warnings(String... flags) throws BadFlagsException {
    JobSpec job = Flags.parse(onFlink(flags));
    return FlinkFlags.of(job.options()).warnings(job.settings().engine());
  }

  @Test
  void rejectsParallelismAboveMaximum() {
    assertEquals(
        List.of("--maxParallelism=1: must be --parallelism (2) or more"),
        problems("--maxParallelism=1", "--parallelism=2"));
  }

  @Test
  void rejectsConcurrentUnalignedCheckpoints() {
    assertEquals(
        List.of(
            "--unalignedCheckpointEnabled=true: not with --numConcurrentCheckpoints=2; leave that"
                + " out, or give 1"),
        problems("--unalignedCheckpointEnabled", "--numConcurrentCheckpoints=2"));
  }

  @Test
  void clusterStateBackendNeedsPath() {
    assertEquals(
        List.of(
            "--stateBackend=rocksdb: needs --stateBackendStoragePath, where checkpoints are saved"),
        problems("--stateBackend=rocksdb", "--flinkMaster=host:8081"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unalignedCheckpointEnabled=true",
        "--unalignedCheckpointEnabled",
        "--checkpointingInterval=-1 --checkpointingMode=AT_LEAST_ONCE",
        "--stopWhenDrained --checkpointingMode=AT_LEAST_ONCE",
        "--stateBackend=RocksDB",
        "--flinkMaster=host:8081 --savepointPath=/a",
        "--parallelism=-1"
      })
  void acceptsValidCombinations(String flags) {
    assertEquals(List.of(), problems(flags.split(" ", -1)));
  }

  private static List<String> problems(String... flags) {
    try {
      Flags.parse(onFlink(flags));
      return List.of();
    } catch (BadFlagsException e) {
      return e.problems();
    }
  }

  private static String[] onFlink(String... flags) {
    List<String> all = new ArrayList<>(List.of("--runner=FlinkRunner"));
    all.addAll(List.of(flags));
    return all.toArray(String[]::new);
  }
}
