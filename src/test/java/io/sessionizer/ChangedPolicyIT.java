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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on Flink in a process is killed, and resumes from its checkpoint with other flags. */
class ChangedPolicyIT {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern PAGE = Pattern.compile("\"page\":\"(\\d+)\"");
  private static final Pattern ATTRIBUTES = Pattern.compile("\"attributes\":(.*)}");

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

  /** The earlier job has read the plan of each visit, but not its ad. */
  @Test
  void visitsKeepFieldsThatWereReadWithThem() throws Exception {
    kafka.createTopics(1);
    write("kept", 10, "x");
    write("kept", 14, "y");
    write("cut", 8, "x");
    write("cut", 12, "x");
    write("late", 10, "x");
    write("open", 38, "x");
    String plans = "--attribute=plans=distinct(/plan)";
    killAfter(
        Map.of(
            "kept@10", "revision 1, pages [10, 14], {\"plans\":[\"10\",\"14\"]}",
            "cut@8", "revision 1, pages [8, 12], {\"plans\":[\"12\",\"8\"]}",
            "late@10", "revision 1, pages [10], {\"plans\":[\"10\"]}"),
        plans);
    write("late", 12, "y");
    write("open", 40, "y");
    write("new", 60, "x");
    write("new", 62, "y");
    write("closing", 180, "x");
    String log =
        resumeUntil(
            Map.of(
                "kept@10",
                "revision 1, pages [10, 14], {\"plans\":[\"10\",\"14\"]}",
                "cut@8",
                "revision 2, pages [8], ended:page=8, {\"plans\":[\"8\"],\"ads\":[],\"exit\":\"8\"}",
                "cut@12",
                "revision 1, pages [12], {\"plans\":[\"12\"],\"ads\":[],\"exit\":\"12\"}",
                "late@10",
                "revision 2, pages [10, 12], {\"plans\":[\"10\",\"12\"],\"ads\":[\"y\"],\"exit\":\"12\"}",
                "open@38",
                "revision 1, pages [38, 40], {\"plans\":[\"38\",\"40\"],\"ads\":[\"y\"],\"exit\":\"40\"}",
                "new@60",
                "revision 1, pages [60], changed:/ad, {\"plans\":[\"60\"],\"ads\":[\"x\"],\"exit\":\"60\"}",
                "new@62",
                "revision 1, pages [62], {\"plans\":[\"62\"],\"ads\":[\"y\"],\"exit\":\"62\"}"),
            plans,
            "--attribute=ads=distinct(/ad)",
            "--attribute=exit=last(page)",
            "--splitOn=/ad",
            "--endOn=page=8");
    assertTrue(
        log.contains(
            "visits keep the fields that they were read with: rules, attributes and pseudonyms have"
                + " no values of other fields for earlier visits"),
        log);
    assertTrue(
        Pattern.compile(
                "retained sessions were cut by .*rules=.*splitOn=\\[], endOn=\\[].*; they are cut"
                    + " anew by .*splitOn=\\[/ad], endOn=\\[page=8].*, and those that change are"
                    + " published again")
            .matcher(log)
            .find(),
        log);
  }

  private void assertSessionsAfterGapOf(String gap, Map<String, String> expected) throws Exception {
    kafka.createTopics(1);
    write("a", 0);
    write("merged", 0);
    write("merged", 20);
    write("split", 0);
    write("split", 10);
    write("open", 38); // the watermark is at 0:37: published sessions are retained
    killAfter(
        Map.of(
            "a@0", "revision 1, pages [0]",
            "merged@0", "revision 1, pages [0]",
            "merged@20", "revision 1, pages [20]",
            "split@0", "revision 1, pages [0, 10]"),
        "--sessionGap=PT16M");
    write("a", 20);
    write("closing", 180);
    resumeUntil(expected, "--sessionGap=" + gap);
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  private void killAfter(Map<String, String> expected, String... flags) throws Exception {
    Files.createDirectory(checkpoints());
    try (Command job = start(flags)) {
      awaitSessions(job, expected);
    }
  }

  /** Resumes the job with other flags, and returns what it logs until the sessions are there. */
  private String resumeUntil(Map<String, String> expected, String... flags) throws Exception {
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
            .formatted(newest(checkpoints()).toUri(), folder));
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--flinkConfDir=" + conf);
    try (Command job = start(all.toArray(String[]::new))) {
      awaitSessions(job, expected);
      return job.err();
    }
  }

  private Command start(String... more) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--runner=FlinkRunner",
                "--parallelism=1",
                "--checkpointingInterval=500",
                "--maxBundleTimeMills=100",
                "--stateBackendStoragePath=" + checkpoints().toUri()));
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
    write(visitId, minute, "");
  }

  private void write(String visitId, int minute, String ad) throws Exception {
    kafka.writeVisits(
        0,
        "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"%3$s\",\"plan\":\"%3$s\",\"ad\":\"%4$s\"}"
            .formatted(visitId, START.plus(Duration.ofMinutes(minute)), minute, ad)
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
    Map<String, String> headers = TestKafka.headers(change);
    String revision = "revision " + headers.get("revision");
    if (change.value() == null) {
      return revision + ", deleted";
    }
    String value = new String(change.value(), UTF_8);
    String pages =
        PAGE.matcher(value)
            .results()
            .map((MatchResult page) -> page.group(1))
            .collect(Collectors.joining(", ", revision + ", pages [", "]"));
    String reason = headers.get("end_reason");
    Matcher attributes = ATTRIBUTES.matcher(value);
    return pages
        + (reason.equals("inactivity") ? "" : ", " + reason)
        + (attributes.find() ? ", " + attributes.group(1) : "");
  }
}
