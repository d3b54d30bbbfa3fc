package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.testing.ApplicationCluster;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint of a release that this one cannot read, on a Flink that runs the main class. */
class OldSavepointIT {
  /** With state by visit id, of the release before shards. */
  static final Path SAVEPOINT =
      Path.of("src", "test", "resources", "savepoint-before-shards").toAbsolutePath();

  private final TestKafka kafka = new TestKafka();

  @TempDir private Path folder;

  @BeforeEach
  void createTopics() throws Exception {
    kafka.createTopics(2);
  }

  @Test
  void rejectsSavepointBeforeShardsInOneSentence() throws Exception {
    String[] flags =
        kafka.flags("--runner=FlinkRunner", "--parallelism=1", "--flinkConfDir=" + conf());
    try (Command job = Command.start(folder, List.of(), "run", flags)) {
      assertEquals(SessionizationJob.NOT_READY, job.exitCode(120), job::toString);
      assertEquals("", job.out());
      assertEquals(
          List.of("sessionizer: file:" + SAVEPOINT + reason()),
          Stream.of(job.err().split("\n", -1))
              .filter(line -> !line.isEmpty() && !line.contains(" INFO "))
              .toList());
    }
  }

  /** As on Kubernetes, whose operator gives the JobManager the path in the same setting. */
  @Test
  void applicationClusterLogsThatSentence() throws Exception {
    List<String> args =
        new ArrayList<>(List.of(conf().toString(), SessionizationJob.class.getName()));
    args.addAll(List.of(kafka.flags("--parallelism=1")));
    try (Command cluster =
        Command.ofTests(folder, ApplicationCluster.class, args.toArray(String[]::new))) {
      assertEquals(2, cluster.exitCode(300), cluster::toString);
      assertTrue(
          cluster
              .err()
              .contains(
                  NotReadyException.class.getName() + ": file:" + SAVEPOINT + reason() + "\n"),
          cluster.err());
    }
  }

  private Path conf() throws Exception {
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        execution.savepoint.path: "%s"
        rest.bind-address: localhost
        rest.bind-port: "0"
        jobmanager.rpc.address: localhost
        jobmanager.rpc.port: 0
        jobmanager.bind-host: localhost
        taskmanager.bind-host: localhost
        io.tmp.dirs: "%s"
        """
            .formatted(SAVEPOINT.toUri(), folder));
    return conf;
  }

  /** The reason, behind the path of a savepoint. */
  static String reason() {
    return " is of an earlier release, or of a job with other steps (--engine, --stopWhenDrained),"
        + " whose state this job cannot read: start it without this savepoint"
        + " (docs/operations.md, \"Upgrades that cannot keep state\")";
  }
}
