package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on Flink in a process is killed, and resumes from its checkpoint with another gap. */
class ChangedPolicyIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern PAGE = Pattern.compile("\"page\":\"(\\d+)\"");

  private final TestKafka kafka = new TestKafka();

  @TempDir private Path folder;

  @Test
  void raisedGapMergesPublishedSessions() throws Exception {
    assertSessionsAfterGapOf(
        "PT30M",
        Map.of(
            "a@0", "revision 2, pages [0, 20]",
            "merged@0", "revision 2, pages [0, 20]",
            "merged@20", "revision 2, deleted",
            "split@0", "revision 1, pages [0, 10]",
            "open@38", "revision 1, pages [38]"));
  }

  @Test
  void loweredGapSplitsPublishedSessions() throws Exception {
    assertSessionsAfterGapOf(
        "PT5M",
        Map.of(
            "a@0", "revision 1, pages [0]",
            "a@20", "revision 1, pages [20]",
            "merged@0", "revision 1, pages [0]",
            "merged@20", "revision 1, pages [20]",
            "split@0", "revision 2, pages [0]",
            "split@10", "revision 1, pages [10]",
            "open@38", "revision 1, pages [38]"));
  }

  private void assertSessionsAfterGapOf(String gap, Map<String, String> expected) throws Exception {
    kafka.createTopics(1);
    write("a", 0);
    write("merged", 0);
    write("merged", 20);
    write("split", 0);
    write("split", 10);
    write("open", 38); // the watermark is at 0:37: published sessions are retained
    Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
    try (Command job = start(checkpoints, "--sessionGap=PT16M")) {
      awaitSessions(
          job,
          Map.of(
              "a@0", "revision 1, pages [0]",
              "merged@0", "revision 1, pages [0]",
              "merged@20", "revision 1, pages [20]",
              "split@0", "revision 1, pages [0, 10]"));
    }
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
            .formatted(newest(checkpoints).toUri(), folder));
    write("a", 20);
    write("closing", 180);
    try (Command job = start(checkpoints, "--sessionGap=" + gap, "--flinkConfDir=" + conf)) {
      awaitSessions(job, expected);
    }
  }

  private Command start(Path checkpoints, String... more) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--runner=FlinkRunner",
                "--parallelism=1",
                "--checkpointingInterval=500",
                "--maxBundleTimeMills=100",
                "--stateBackendStoragePath=" + checkpoints.toUri()));
    flags.addAll(List.of(more));
    return Command.start(folder, List.of(), "run", kafka.flags(flags.toArray(String[]::new)));
  }

  /** The newest checkpoint that is complete. */
  private static Path newest(Path checkpoints) throws IOException {
    try (var files = Files.walk(checkpoints)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(ChangedPolicyIT::writtenAt))
          .orElseThrow()
          .getParent();
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new IllegalStateException("the job is dead, and its files stay", e);
    }
  }

  private void write(String visitId, int minute) throws Exception {
    kafka.writeVisits(
        0,
        "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"%s\"}"
            .formatted(visitId, START.plus(Duration.ofMinutes(minute)), minute)
            .getBytes(UTF_8));
  }

  private void awaitSessions(Command job, Map<String, String> expected) throws Exception {
    try {
      FlinkCluster.await(
          "the sessions",
          PATIENCE,
          () -> {
            assertTrue(job.process().isAlive(), job.err());
            return newest().equals(expected);
          });
    } catch (IllegalStateException e) {
      assertEquals(new TreeMap<>(expected), newest(), job.err());
    }
  }

  /** The newest record of each session, by its visit id and the minute of its start. */
  private SortedMap<String, String> newest() {
    SortedMap<String, String> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> change : kafka.read("sessions")) {
      String[] key = new String(change.key(), UTF_8).split("@", -1);
      Instant start = Instant.ofEpochMilli(Long.parseLong(key[1]));
      newest.put(key[0] + "@" + Duration.between(START, start).toMinutes(), text(change));
    }
    return newest;
  }

  private static String text(ConsumerRecord<byte[], byte[]> change) {
    String revision = "revision " + TestKafka.headers(change).get("revision");
    return change.value() == null
        ? revision + ", deleted"
        : PAGE.matcher(new String(change.value(), UTF_8))
            .results()
            .map((MatchResult page) -> page.group(1))
            .collect(Collectors.joining(", ", revision + ", pages [", "]"));
  }
}
