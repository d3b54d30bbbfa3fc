package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * A savepoint that an earlier version has written, and that this one must be able to resume from. A
 * change after which it cannot is marked <b>breaks savepoints</b> in CHANGELOG.md, and {@link
 * #main} writes a new one.
 */
class GoldenSavepointIT {
  private static final Path SAVEPOINT =
      Path.of("src", "test", "resources", "golden-savepoint").toAbsolutePath();
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern PAGE = Pattern.compile("\"page\":\"/?(\\d+)\"");

  @Test
  void resumesWithOtherBrokersAndFormat() throws Exception {
    SortedMap<String, String> expected =
        new TreeMap<>(
            Map.of(
                "amended@" + minute(12), "revision 2, deleted",
                "amended@" + minute(10), "revision 1, pages [10, 12]",
                "corrected@" + minute(10), "revision 2, pages [10, 11, 12]",
                "open@" + minute(30), "revision 1, pages [30, 31]",
                "open-too@" + minute(30), "revision 1, pages [30]"));
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0);
        FlinkCluster cluster = FlinkCluster.start()) {
      // Another topic than that of the savepoint, by its id: it is read from its beginning.
      LocalTopics.create(broker.address());
      start(
          cluster,
          broker,
          "--savepointPath=" + SAVEPOINT.toUri(),
          "--maxRecordBytes=200",
          "--where=type != \"click\"",
          "--visitIdField=device",
          "--eventTimeField=ts",
          "--eventTimeFormat=epoch-millis",
          "--pageField=path(/url)");
      writeEvent(broker, 0, "open", 31, "page");
      writeEvent(broker, 0, "open", 32, "click");
      writeEvent(broker, 0, "open", 33, "longer than the job now accepts" + " ".repeat(200));
      writeEvent(broker, 0, "amended", 10, "page"); // late: moves the start of a published session
      writeEvent(broker, 0, "corrected", 11, "page"); // late, in a session whose start was moved
      writeEvent(broker, 0, "closing", 120, "page");
      writeEvent(broker, 1, "closing", 120, "page");
      SortedMap<String, String> changes = new TreeMap<>();
      try (RecordTail sessions = RecordTail.fromBeginning("sessions", client(broker))) {
        FlinkCluster.await(
            "the sessions",
            PATIENCE,
            () -> {
              sessions.poll(change -> changes.put(new String(change.key(), UTF_8), text(change)));
              return changes.keySet().equals(expected.keySet());
            });
      }
      cluster.cancelJobs();
      assertEquals(expected, changes);
    }
  }

  @Test
  void clusterRejectsSavepointBeforeShards() throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0);
        FlinkCluster cluster = FlinkCluster.start("--stateBackend=rocksdb")) {
      LocalTopics.create(broker.address());
      String old = "file:" + OldSavepointIT.SAVEPOINT;
      NotReadyException problem =
          assertThrows(
              NotReadyException.class, () -> start(cluster, broker, "--savepointPath=" + old));
      assertEquals(
          "Flink at %s rejected the job: %s%s"
              .formatted(cluster.address(), old, OldSavepointIT.reason()),
          problem.getMessage());
      JsonNode response =
          cluster.runInJobManager(
              FlinkCluster.JOB, old, "--bootstrapServers=" + broker.address(), "--parallelism=1");
      assertTrue(
          response
              .toString()
              .contains(
                  NotReadyException.class.getName()
                      + ": "
                      + old
                      + OldSavepointIT.reason().replace("\"", "\\\"")),
          response::toString);
      assertEquals(
          List.of("FAILED", "FAILED"),
          cluster.get("jobs/overview").findValuesAsText("state"),
          "does not restart");
    }
  }

  /**
   * Writes the golden savepoint anew, after {@code mvn package}: with a published session, one that
   * was corrected for a late visit, and two that are open.
   */
  public static void main(String[] args) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0);
        FlinkCluster cluster = FlinkCluster.start()) {
      LocalTopics.create(broker.address());
      write(broker, 0, "amended", 12);
      write(broker, 0, "corrected", 12);
      write(broker, 0, "open", 30);
      write(broker, 1, "open-too", 30);
      start(cluster, broker);
      try (RecordTail sessions = RecordTail.fromBeginning("sessions", client(broker))) {
        List<ConsumerRecord<byte[], byte[]>> out = new ArrayList<>();
        awaitSessions(2, out, sessions);
        write(broker, 0, "corrected", 10); // late
        awaitSessions(4, out, sessions);
      }
      Path written = Path.of(cluster.script("savepoint.sh").replaceFirst("^file:", ""));
      copyFiles(written, SAVEPOINT);
    }
  }

  private static void awaitSessions(
      int count, List<ConsumerRecord<byte[], byte[]>> out, RecordTail sessions) throws Exception {
    FlinkCluster.await(
        count + " records of sessions",
        PATIENCE,
        () -> {
          sessions.poll(out::add);
          return out.size() >= count;
        });
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void write(LocalBroker broker, int partition, String visitId, int minute)
      throws Exception {
    String visit =
        "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"%s\"}"
            .formatted(visitId, Instant.ofEpochMilli(minute(minute)), minute);
    write(broker, partition, visit);
  }

  private static void writeEvent(
      LocalBroker broker, int partition, String visitId, int minute, String type) throws Exception {
    write(
        broker,
        partition,
        "{\"type\":\"%s\",\"device\":\"%s\",\"ts\":%s,\"url\":\"https://example.com/%s?q\"}"
            .formatted(type, visitId, minute(minute), minute));
  }

  private static void write(LocalBroker broker, int partition, String value) throws Exception {
    try (var producer = TestKafka.producer(client(broker))) {
      producer.send(new ProducerRecord<>("visits", partition, null, value.getBytes(UTF_8))).get();
    }
  }

  private static long minute(int minute) {
    return START.plus(Duration.ofMinutes(minute)).toEpochMilli();
  }

  private static Map<String, Object> client(LocalBroker broker) {
    return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
  }

  private static void start(FlinkCluster cluster, LocalBroker broker, String... more)
      throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--runner=FlinkRunner",
                "--flinkMaster=" + cluster.address(),
                "--bootstrapServers=" + broker.address(),
                "--checkpointingInterval=1000",
                "--parallelism=1"));
    flags.addAll(List.of(more));
    SessionizationJob.start(Flags.parse(flags.toArray(String[]::new)));
  }

  private static String text(ConsumerRecord<byte[], byte[]> change) {
    String revision = "revision " + TestKafka.headers(change).get("revision");
    if (change.value() == null) {
      return revision + ", deleted";
    }
    return PAGE.matcher(new String(change.value(), UTF_8))
        .results()
        .map((MatchResult page) -> page.group(1))
        .collect(Collectors.joining(", ", revision + ", pages [", "]"));
  }
}
