package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.RecordHeaders;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs and commands that read two topics: one of one partition, and one of two. */
@Timeout(300)
class SeveralTopicsIT {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final byte[] MALFORMED = "{\"visit_id\":\"a\"".getBytes(UTF_8);

  private final TestKafka kafka = new TestKafka();
  private final String visits = kafka.topic("visits");
  private final String other = kafka.topic("other");
  private final List<Visit> accepted = new ArrayList<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeEach
  void createTopics() throws Exception {
    kafka.createTopics(1);
    kafka.create("other", Map.of());
  }

  private void visit(String topic, int partition, String visitId, String time) {
    Visit visit = visit(visitId, time, topic.replaceFirst("-.*", ""));
    accepted.add(visit);
    records.add(record(topic, partition, VisitJson.write(visit)));
  }

  private static Visit visit(String visitId, String time, String page) {
    long millis = Instant.parse("2024-01-01T" + time + ":00Z").toEpochMilli();
    return new Visit(visitId, millis, "u", page);
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, byte[] value) {
    return new ProducerRecord<>(topic, partition, null, value);
  }

  private void write() throws Exception {
    TestKafka.write(records);
    records.clear();
  }

  /** Visits of one session on both topics, and visits of much later in all partitions. */
  private void writeSessions() throws Exception {
    records.add(record(visits, 0, MALFORMED));
    records.add(record(other, 0, MALFORMED));
    visit(visits, 0, "a", "10:00");
    visit(other, 0, "a", "10:10");
    visit(other, 1, "a", "10:20");
    visit(visits, 0, "a", "10:30");
    visit(other, 1, "b", "12:44");
    visit(visits, 0, "closing", "14:00");
    visit(other, 0, "closing", "14:00");
    visit(other, 1, "closing", "14:00");
    write();
  }

  private Command start(String command, String... more) throws Exception {
    List<String> flags = new ArrayList<>(List.of("--visitsTopic=" + other));
    flags.addAll(List.of(more));
    return Command.start(folder, List.of(), command, kafka.flags(flags.toArray(String[]::new)));
  }

  private String succeed(String command, String... more) throws Exception {
    try (Command process = start(command, more)) {
      assertEquals(0, process.exitCode(120), process.out() + process.err());
      return process.out();
    }
  }

  private static void requireRunning(Command job) {
    assertTrue(job.process().isAlive(), () -> "the job has stopped: " + job);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void killedJobContinuesSessionsOfBothTopics(String runner) throws Exception {
    writeSessions();
    String[] flags = {"--runner=" + runner, "--engine=stateful"};
    try (Command killed = start("run", flags)) {
      kafka.awaitRecords("sessions", 2, () -> requireRunning(killed));
      byte[] late = VisitJson.write(visit("late", "10:30", "late"));
      records.add(record(visits, 0, late));
      records.add(record(other, 0, late));
      write();
      kafka.awaitRecords("late-visits", 2, () -> requireRunning(killed));
      writeUntilCommitted(killed);
      killed.process().destroyForcibly().waitFor();
    }
    visit(visits, 0, "closing", "14:10");
    visit(other, 1, "closing", "14:20");
    write();
    try (Command next = start("run", with(flags, "--stopWhenDrained"))) {
      assertEquals(0, next.exitCode(120), next.err());
      assertTrue(next.err().contains(", group " + group() + ","), next.err());
    }

    assertEquals(
        SessionsTable.ofSessions(ModelSessionizer.sessions(accepted, GAP)),
        SessionsTable.of(kafka.read("sessions")));
    assertEquals(Set.of(other + "-0@0", visits + "-0@0"), sources("dead-letters"));
    assertEquals(Set.of(other + "-0@3", visits + "-0@4"), sources("late-visits"));
    String verified = succeed("verify", flags);
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
    assertTrue(
        verified.contains(
            "%s records: %s accepted".formatted(accepted.size() + 4, accepted.size())),
        verified);
    String explained = succeed("explain", with(flags, "a"));
    assertEquals(
        explanation(),
        explained
            .lines()
            .filter(line -> line.startsWith("  2024-") || line.contains(" on partition "))
            .toList());
    assertTrue(explained.contains("\n  %s-0 @ 0  NOT_JSON: ".formatted(other)), explained);
    assertTrue(explained.contains("\n  %s-0 @ 0  NOT_JSON: ".formatted(visits)), explained);
  }

  /** Writes visits until what was written before is committed. */
  private void writeUntilCommitted(Command job) throws Exception {
    Map<TopicPartition, Long> written =
        Map.of(
            new TopicPartition(visits, 0),
            5L,
            new TopicPartition(other, 0),
            4L,
            new TopicPartition(other, 1),
            3L);
    try (Admin admin = Admin.create(TestKafka.config())) {
      while (true) {
        Map<TopicPartition, OffsetAndMetadata> committed =
            admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata().get();
        if (written.entrySet().stream()
            .allMatch(
                end ->
                    committed.containsKey(end.getKey())
                        && committed.get(end.getKey()).offset() >= end.getValue())) {
          return;
        }
        requireRunning(job);
        visit(visits, 0, "closing", "14:00");
        visit(other, 0, "closing", "14:00");
        visit(other, 1, "closing", "14:00");
        write();
        job.process().waitFor(500, TimeUnit.MILLISECONDS);
      }
    }
  }

  private String group() {
    return "sessionizer." + other + "+" + visits + "." + kafka.topic("sessions");
  }

  /** The visits of visit id a, and the watermarks, as they are explained. */
  private List<String> explanation() {
    String visit = "  2024-01-01T%s:00.000Z  %s  %s @ %s  in a@1704103200000";
    return List.of(
        visit.formatted("10:00", "visits", visits + "-0", 1),
        visit.formatted("10:10", "other ", other + "-0", "1 "),
        visit.formatted("10:20", "other ", other + "-1", "0 "),
        visit.formatted("10:30", "visits", visits + "-0", 2),
        "  at 2024-01-01T13:59:00.000Z on partition %s-0, the slowest, which the others wait for"
                .formatted(other)
            + " unless it is idle; at 2024-01-01T14:19:00.000Z on partition %s-1".formatted(other));
  }

  /** The positions that records of a topic name as their sources. */
  private Set<String> sources(String topic) {
    Set<String> sources = new TreeSet<>();
    for (var record : kafka.read(topic)) {
      Map<String, String> headers = TestKafka.headers(record);
      sources.add(
          "%s-%s@%s"
              .formatted(
                  headers.get(RecordHeaders.SOURCE_TOPIC),
                  headers.get(RecordHeaders.SOURCE_PARTITION),
                  headers.get(RecordHeaders.SOURCE_OFFSET)));
    }
    return sources;
  }

  /** Those of the new topic belong to sessions that the earlier job has written. */
  @Test
  void topicIsAddedToJob() throws Exception {
    visit(visits, 0, "a", "10:00");
    visit(visits, 0, "a", "10:30");
    visit(visits, 0, "closing", "14:00");
    write();
    try (Command first =
        Command.start(folder, List.of(), "run", kafka.flags("--stopWhenDrained"))) {
      assertEquals(0, first.exitCode(120), first.err());
    }
    assertEquals(3, kafka.read("sessions").size());
    visit(other, 0, "a", "10:15");
    visit(other, 1, "closing", "14:05");
    write();
    succeed("run", "--stopWhenDrained", "--takeOver", "--consumerConfig=group.id=" + kafka.group());

    assertEquals(
        SessionsTable.ofSessions(ModelSessionizer.sessions(accepted, GAP)),
        SessionsTable.of(kafka.read("sessions")));
  }

  @Test
  void topicsThatAreMissingAreCreated() throws Exception {
    assertEquals(
        """
        created new-%s 2 partitions, replication factor 1, cleanup.policy=delete
        exists %s 2 partitions, replication factor 1
        exists %s 1 partition, replication factor 1
        """
            .formatted(visits, other, visits),
        succeed("topics", "--visitsTopic=new-" + visits)
            .lines()
            .limit(3)
            .map(line -> line.replaceAll(" +", " ") + "\n")
            .reduce("", String::concat));
  }

  @Test
  void inspectReadsBothTopics() throws Exception {
    writeSessions();
    Path config = folder.resolve("job.yaml");
    try (Command inspect =
        Command.start(
            folder,
            List.of(),
            "inspect",
            "--bootstrapServers=" + TestKafka.address(),
            "--visitsTopic=" + visits + ", " + other,
            "--output=" + config)) {
      assertEquals(0, inspect.exitCode(120), inspect.err());
      assertTrue(
          inspect.out().startsWith(visits + ", " + other + ": 10 records, all there are\n"),
          inspect.out());
    }
    String yaml = Files.readString(config);
    assertTrue(yaml.contains("\nvisitsTopic:\n  - " + visits + "\n  - " + other + "\n"), yaml);
  }

  /** The partitions are part of the state: it cannot be that of a job with other topics. */
  @Test
  void stateOfJobWithOtherTopicsIsRejected() throws Exception {
    writeSessions();
    Path checkpoints = folder.resolve("checkpoints");
    Path checkpoint;
    String[] flags = {"--runner=FlinkRunner", "--parallelism=1", "--engine=stateful"};
    String[] saving = {
      "--checkpointingInterval=1000",
      "--stateBackendStoragePath=" + checkpoints.toUri(),
      "--externalizedCheckpointsEnabled=true"
    };
    try (Command first =
        Command.start(folder, List.of(), "run", kafka.flags(with(flags, saving)))) {
      kafka.awaitRecords("dead-letters", 1, () -> requireRunning(first));
      checkpoint = awaitCheckpoint(first, checkpoints);
      first.process().destroyForcibly().waitFor();
    }
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        "execution.savepoint.path: \"%s\"\n".formatted(checkpoint.toUri()));
    String[] resuming = {"--flinkConfDir=" + conf, "--numberOfExecutionRetries=0"};
    try (Command second = start("run", with(flags, resuming))) {
      assertEquals(3, second.exitCode(120), second.err());
      String problem =
          "sessionizer: the saved state is of a job with --visitsTopic=%s, and this one has"
              + " --visitsTopic=%s,%s: give it the topics of that job, or start it without saved"
              + " state\n";
      assertTrue(second.err().endsWith(problem.formatted(visits, other, visits)), second.err());
    }
  }

  private static Path awaitCheckpoint(Command job, Path checkpoints) throws Exception {
    while (true) {
      requireRunning(job);
      if (Files.exists(checkpoints)) {
        try (Stream<Path> files = Files.walk(checkpoints)) {
          var found = files.filter(file -> file.endsWith("_metadata")).findFirst();
          if (found.isPresent()) {
            return found.get().getParent();
          }
        } catch (java.io.UncheckedIOException e) {
          continue; // a file is deleted meanwhile
        }
      }
      job.process().waitFor(100, TimeUnit.MILLISECONDS);
    }
  }

  private static String[] with(String[] flags, String... more) {
    return Stream.concat(Stream.of(flags), Stream.of(more)).toArray(String[]::new);
  }
}
