package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.testing.TransactionScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An endless job in a process of its own, whose topic changes. */
@Timeout(900)
class LiveTopicIT {
  private static final Pattern ADDRESS = Pattern.compile("metrics at (http://127.0.0.1:\\d+/)");

  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  @ParameterizedTest
  @CsvSource({"DirectRunner", "FlinkRunner"})
  void survivesChangesOfItsTopic(String runner) throws Exception {
    kafka.createTopics(4);
    String visits = kafka.topic("visits");
    kafka.writeVisits(2, visit("x", "00:00:00"), visit("x", "00:00:00"), visit("x", "00:00:00"));
    kafka.commit(kafka.topic("group"), 2, 1);
    kafka.deleteVisits(2, 3);
    kafka.writeVisits(3, visit("c", "00:00:02"));
    try (var transactions = new TransactionScript(visits)) {
      transactions.playFile("two-markers.txn", 0).playFile("aborted-tail.txn", 1);
      try (Command run = run("--runner=" + runner)) {
        awaitSessions(run, "a", "b", "c");
        awaitLog(run, visits + "-2: records 1 to 2 were deleted before they were read");

        transactions.play("A begin\nA 0\t\\N\t" + new String(visit("d", "01:00:00"), UTF_8));
        kafka.writeVisits(3, visit("e", "01:00:00"));
        awaitLog(run, visits + "-0: a transaction that is open since ");
        assertEquals(Set.of("a", "b", "c"), sessions());
        transactions.play("A commit");
        awaitSessions(run, "a", "b", "c", "d", "e");

        // One partition gets as many records as it had, one more, and two none.
        kafka.createVisitsAnew(4);
        kafka.writeVisits(
            2, visit("f", "02:00:00"), visit("g", "02:00:00"), visit("h", "02:00:00"));
        kafka.writeVisits(
            3, visit("i", "02:00:00"), visit("i", "02:00:00"), visit("j", "00:30:00"));
        awaitSessions(run, "a", "b", "c", "d", "e", "f", "g", "h", "i");
        awaitLog(run, visits + "-3: the topic was deleted and created anew: ");
        ConsumerRecord<byte[], byte[]> late = kafka.read("late-visits").get(0);
        assertEquals("2", TestKafka.headers(late).get("source.offset"));

        kafka.growVisitsTo(5);
        awaitLog(run, "the topic " + visits + " has 5 partitions, and the job reads the 4 ");
        awaitMetric(run, "sessionizer_records_deleted_total 2.0");
        awaitMetric(run, "sessionizer_partitions_restarted_total 4.0");
        run.signal("TERM");
        assertEquals(143, run.exitCode(60), run.err());
        assertEquals(
            4, run.err().lines().filter(line -> line.contains("created anew")).count(), run.err());
      }
    }
  }

  private Command run(String runner) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                runner,
                "--metricsPort=0",
                "--engine=stateful",
                "--startFrom=committed",
                "--consumerConfig=group.id=" + kafka.topic("group"),
                "--consumerConfig=isolation.level=read_committed",
                "--sessionGap=PT1S",
                "--allowedLateness=PT1S",
                "--maxOutOfOrderness=PT0S",
                "--idleAfter=PT2S"));
    if (runner.contains("Flink")) {
      flags.addAll(List.of("--parallelism=2", "--checkpointingInterval=500"));
    }
    return Command.start(folder, List.of(), "run", kafka.flags(flags.toArray(String[]::new)));
  }

  private void awaitSessions(Command run, String... visitIds) throws Exception {
    await(run, () -> sessions().equals(Set.of(visitIds)));
  }

  private void awaitLog(Command run, String text) throws Exception {
    await(run, () -> run.err().contains(text));
  }

  private static void awaitMetric(Command run, String line) throws Exception {
    Matcher address = ADDRESS.matcher(run.err());
    assertTrue(address.find(), run.err());
    HttpRequest metrics = HttpRequest.newBuilder(URI.create(address.group(1) + "metrics")).build();
    HttpClient http = HttpClient.newHttpClient();
    await(
        run,
        () ->
            http.send(metrics, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .anyMatch(line::equals));
  }

  private Set<String> sessions() {
    Set<String> visitIds = new TreeSet<>();
    for (ConsumerRecord<byte[], byte[]> session : kafka.read("sessions")) {
      visitIds.add(new String(session.key(), UTF_8).replaceFirst("@.*", ""));
    }
    return visitIds;
  }

  /** A condition that becomes true. */
  private interface Condition {
    boolean isTrue() throws Exception;
  }

  private static void await(Command run, Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!condition.isTrue()) {
      assertTrue(run.process().isAlive() && System.nanoTime() < deadline, run.err());
      run.process().waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
