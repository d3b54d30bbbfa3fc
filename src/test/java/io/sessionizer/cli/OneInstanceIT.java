package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two jobs of one consumer group: one that runs, was stopped or was killed, and one that starts.
 */
@Timeout(300)
class OneInstanceIT {
  private static final String WAITS = "waiting for ";

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  @BeforeEach
  void createTopics() throws Exception {
    kafka.createTopics();
    kafka.writeVisits(0, visit("a", "00:00"), visit("a", "00:05"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void secondJobIsRejectedWhileFirstOneRuns(String runner) throws Exception {
    try (Command first = start(runner)) {
      awaitReport(first);
      try (Command second = start(runner, "--stopWhenDrained")) {
        assertEquals(3, second.exitCode(60), second.err());
        assertTrue(
            second
                .err()
                .lines()
                .reduce("", (before, line) -> line)
                .matches(
                    ("sessionizer: another job of group %s \\(run [-0-9a-f]{36}\\) on \\S+ reported \\d s ago:"
                            + " stop it first; or give this one topics and a group of its own"
                            + " \\(--consumerConfig=group.id=NAME\\); or start it all the same with"
                            + " --takeOver")
                        .formatted(kafka.group())),
            second.err());
      }
      try (Command third = start(runner, "--stopWhenDrained", "--takeOver")) {
        assertEquals(0, third.exitCode(120), third.err());
      }
      assertTrue(first.process().isAlive(), first.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void nextJobWaitsUntilReportsExpire(String runner) throws Exception {
    try (Command killed = start(runner)) {
      awaitReport(killed);
      killed.process().destroyForcibly().waitFor();
    }
    kafka.writeVisits(1, visit("b", "01:00"));
    try (Command next = start(runner, "--stopWhenDrained")) {
      assertEquals(0, next.exitCode(120), next.err());
      assertTrue(next.err().contains(WAITS), next.err());
    }
    assertEquals(List.of("a@1704067200000", "b@1704070800000"), sessions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void nextJobStartsAtOnceAfterStoppedOne(String runner) throws Exception {
    try (Command stopped = start(runner)) {
      awaitReport(stopped);
      stopped.interrupt();
      assertEquals(130, stopped.exitCode(60), stopped.err());
    }
    for (int run = 0; run < 2; run++) {
      try (Command next = start(runner, "--stopWhenDrained")) {
        assertEquals(0, next.exitCode(120), next.err());
        assertFalse(next.err().contains(WAITS), next.err());
      }
    }
  }

  private Command start(String runner, String... more) throws Exception {
    List<String> flags = new ArrayList<>(List.of("--runner=" + runner));
    flags.addAll(List.of(more));
    return Command.start(folder, List.of(), "run", kafka.flags(flags.toArray(String[]::new)));
  }

  /** Waits until a job reports that it runs. */
  private void awaitReport(Command job) throws Exception {
    try (Admin admin = Admin.create(TestKafka.config())) {
      while (admin
          .listConsumerGroupOffsets(kafka.group() + ".instance")
          .partitionsToOffsetAndMetadata()
          .get()
          .isEmpty()) {
        assertTrue(job.process().isAlive(), job.err());
        job.process().waitFor(100, java.util.concurrent.TimeUnit.MILLISECONDS);
      }
    }
  }

  private List<String> sessions() {
    TreeSet<String> keys = new TreeSet<>();
    kafka.read("sessions").forEach(session -> keys.add(new String(session.key(), UTF_8)));
    return List.copyOf(keys);
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
