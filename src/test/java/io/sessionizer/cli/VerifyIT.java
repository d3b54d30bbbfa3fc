package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The topics of real jobs are verified. */
class VerifyIT {
  /** Late visits, duplicates and malformed records, percent. */
  private static final TrafficMix MIX = new TrafficMix(10, 5, 5, 5);

  private static final byte[] MALFORMED = "{\"visit_id\":".getBytes(UTF_8);

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  private void traffic(int partitions, long visits) throws Exception {
    kafka.createTopics(partitions);
    kafka.generate(new Traffic(visits, 50, Instant.parse("2024-01-01T00:00:00Z"), 7, MIX));
  }

  private void run(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--stopWhenDrained");
    assertEquals(
        SessionizationJob.DONE, SessionizationJob.run(kafka.flags(all.toArray(String[]::new))));
  }

  private Command verify(String... flags) throws Exception {
    return Command.start(folder, List.of(), "verify", kafka.flags(flags));
  }

  private String right(String... flags) throws Exception {
    try (Command verify = verify(flags)) {
      assertEquals(0, verify.exitCode(300), verify.out() + verify.err());
      String out = verify.out();
      assertEquals(10, out.lines().count(), out);
      assertTrue(
          out.contains("every visit is in exactly one place") || out.contains("no differences"),
          out);
      return out;
    }
  }

  @Test
  void findsNothingInOutputOfStatefulEngine() throws Exception {
    traffic(2, 5_000);
    run("--engine=stateful");
    String out = right("--engine=stateful");
    assertTrue(out.contains("0 sessions: 0 may be open"), out);
  }

  @Test
  void findsNothingWithCapsAndDuplicates() throws Exception {
    String[] flags = {
      "--engine=stateful",
      "--deduplicate",
      "--maxPagesPerSession=7",
      "--maxSessionDuration=20m",
      "--timeZone=Europe/Paris"
    };
    traffic(2, 3_000);
    run(flags);
    right(flags);
  }

  @Test
  void findsNothingInOutputOfWindowsEngine() throws Exception {
    traffic(1, 5_000);
    run("--engine=windows");
    right("--engine=windows");
  }

  @Test
  void findsEditedSession() throws Exception {
    traffic(2, 1_000);
    run("--engine=stateful");
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    ConsumerRecord<byte[], byte[]> record = sessions.get(0);
    String edited = new String(record.value(), UTF_8).replace("\"page\":\"", "\"page\":\"no ");
    TestKafka.write(
        List.of(
            new ProducerRecord<>(
                kafka.topic("sessions"),
                record.partition(),
                record.key(),
                edited.getBytes(UTF_8))));
    try (Command verify = verify("--engine=stateful")) {
      assertEquals(5, verify.exitCode(300), verify.err());
      String out = verify.out();
      assertTrue(out.startsWith("WRONG_SESSION at " + kafka.topic("sessions")), out);
      assertTrue(out.contains("\n  ./sessionizer explain --bootstrapServers="), out);
      assertTrue(out.contains("1 difference"), out);
    }
  }

  @Test
  void printsFirstHundredOfEachKind() throws Exception {
    StringBuilder visits = new StringBuilder();
    for (int i = 0; i < 1_234; i++) {
      visits.append(new String(visit("v" + i, "10:00"), UTF_8)).append('\n');
    }
    Files.writeString(folder.resolve("visits.jsonl"), visits);
    Path sessions = Files.createDirectory(folder.resolve("sessions"));
    Files.createFile(sessions.resolve("_SUCCESS"));
    try (Command verify =
        Command.start(
            folder,
            List.of(),
            "verify",
            "--input=" + folder.resolve("visits.jsonl"),
            "--sessions=" + sessions)) {
      assertEquals(5, verify.exitCode(300), verify.err());
      String out = verify.out();
      assertEquals(
          100, out.lines().filter(line -> line.startsWith("MISSING_SESSION at ")).count(), out);
      assertTrue(out.contains("\nMISSING_SESSION: 1,134 more\nverified "), out);
      assertTrue(out.endsWith("result     1,234 differences\n"), out);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stateful, 1, '0 visits dropped as too late'",
    "windows, 0, '1 visit dropped as too late'"
  })
  void findsNothingOnLiveTopics(String engine, int lateVisits, String dropped) throws Exception {
    kafka.createTopics(1);
    PipelineResult job =
        SessionizationJob.start(
            Flags.parse(kafka.flags("--runner=DirectRunner", "--engine=" + engine)));
    try {
      kafka.writeVisits(
          0, visit("v1", "10:00"), visit("v1", "10:28"), visit("v2", "10:46"), MALFORMED);
      kafka.awaitRecords("sessions", 2, () -> assertRuns(job));
      kafka.writeVisits(0, visit("v1", "10:15"), visit("v1", "09:00"), visit("v2", "10:50"));
      kafka.awaitRecords("sessions", 3, () -> assertRuns(job));
      kafka.awaitRecords("late-visits", lateVisits, () -> assertRuns(job));
    } finally {
      job.cancel();
    }
    String out = right("--engine=" + engine);
    String topics = kafka.topic("");
    assertTrue(out.replace(topics, "").contains(lateVisits + " in late-visits"), out);
    assertTrue(out.contains(dropped), out);
    assertTrue(out.contains("1 session: 1 may be open"), out);
  }

  /** Visits of five hours; then late ones, of all of that time. */
  @Test
  void findsNothingAfterKillAndLateVisits() throws Exception {
    kafka.createTopics(1);
    try (Command killed =
        Command.start(
            folder,
            List.of(),
            "run",
            kafka.flags("--runner=FlinkRunner", "--checkpointingInterval=1000"))) {
      kafka.writeVisits(0, visits(10_000));
      awaitFlushed(10_000, killed);
      kafka.writeVisits(0, visit("late", "00:30"));
      awaitFlushed(10_001, killed);
      killed.process().destroyForcibly().waitFor();
    }
    assertEquals(1, kafka.read("late-visits").size());
    List<byte[]> late = new ArrayList<>();
    for (int second = 0; second < 16_000; second += 40) {
      late.add(visit(second, second + 5));
    }
    kafka.writeVisits(0, late.toArray(byte[][]::new));

    run("--runner=FlinkRunner");
    String out = right("--engine=stateful");
    assertTrue(out.contains("every visit is in exactly one place, and every session"), out);
    assertEquals(1 + late.size(), kafka.read("late-visits").size());
  }

  /** Returns visits of as many visit ids, two seconds apart. */
  private static byte[][] visits(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> visit(2 * index, 2 * index))
        .toArray(byte[][]::new);
  }

  private static byte[] visit(int visitId, int second) {
    Instant time = Instant.parse("2024-01-01T00:00:00Z").plusSeconds(second);
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\"}".formatted(visitId, time).getBytes(UTF_8);
  }

  private void awaitFlushed(long offset, Command job) throws Exception {
    while (kafka.committed().values().stream()
        .noneMatch(committed -> CommittedOffset.of(committed).flushed() >= offset)) {
      assertFalse(job.process().waitFor(100, TimeUnit.MILLISECONDS), job.err());
    }
  }

  @Test
  void deletedVisitsLeaveSessionsUnchecked() throws Exception {
    traffic(1, 2_000);
    run("--engine=stateful");
    kafka.deleteVisits(0, 700);
    String out = right("--engine=stateful");
    assertTrue(out.matches("(?s).* [1-9]\\d* may start before the first record.*"), out);
  }

  private static void assertRuns(PipelineResult job) {
    assertTrue(!job.getState().isTerminal(), () -> "the job is " + job.getState());
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\",\"page\":\"p\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
