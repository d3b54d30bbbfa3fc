package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint of a release that this one cannot read, on Flink in a process. */
class OldSavepointIT {
  /** With state by visit id, of the release before shards. */
  static final Path SAVEPOINT =
      Path.of("src", "test", "resources", "savepoint-before-shards").toAbsolutePath();

  private final TestKafka kafka = new TestKafka();

  @TempDir private Path folder;

  @Test
  void rejectsSavepointBeforeShardsInOneSentence() throws Exception {
    kafka.createTopics(2);
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        execution.savepoint.path: "%s"
        rest.bind-address: localhost
        jobmanager.bind-host: localhost
        taskmanager.bind-host: localhost
        io.tmp.dirs: "%s"
        """
            .formatted(SAVEPOINT.toUri(), folder));
    String[] flags =
        kafka.flags("--runner=FlinkRunner", "--parallelism=1", "--flinkConfDir=" + conf);
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

  /** The reason, behind the path of a savepoint. */
  static String reason() {
    return " is of an earlier release, or of a job with other steps (--engine, --stopWhenDrained),"
        + " whose state this job cannot read: start it without this savepoint, with"
        + " --startFrom=committed and --rewind (docs/operations.md, \"Upgrades that cannot keep"
        + " state\")";
  }
}
