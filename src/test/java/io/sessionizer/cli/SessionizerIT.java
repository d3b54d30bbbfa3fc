package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in processes of their own: output, exit code, Ctrl-C. */
class SessionizerIT {
  private static final int SIGINT = 130;
  private static final int SIGTERM = 143;

  @TempDir private Path folder;
  private final List<Command> started = new ArrayList<>();

  @AfterEach
  void nothingStaysBehind() {
    started.forEach(Command::close);
  }

  @Nested
  class Demo {
    @Test
    void demoPrintsSessionsAndAccountsForEveryVisit() throws Exception {
      Command demo = start("demo", "--visits=600", "--seed=3");
      assertEquals(0, demo.exitCode(300), demo.err());
      assertTrue(demo.err().endsWith("Every visit is accounted for.\n"), demo.err());

      List<GeneratedVisit> written = new ArrayList<>();
      new VisitGenerator(
              new Traffic(
                  600, 20, Instant.parse("2024-01-01T00:00:00Z"), 3, new TrafficMix(10, 3, 2, 2)))
          .forEachRemaining(written::add);
      // Only late visits depend on the watermark when they are read.
      Set<String> withLateVisits = new HashSet<>();
      List<Visit> visits = new ArrayList<>();
      for (GeneratedVisit visit : written) {
        if (visit.kind() == Category.LATE) {
          withLateVisits.add(new String(visit.key(), UTF_8));
        }
        if (visit.kind() != Category.MALFORMED) {
          visits.add(VisitJson.parse(visit.value()));
        }
      }
      visits.removeIf(visit -> withLateVisits.contains(visit.visitId()));
      SessionJson json = new SessionJson(ZoneOffset.UTC);
      Set<String> expected = new HashSet<>();
      for (Session session : ModelSessionizer.sessions(visits, Duration.ofMinutes(16))) {
        expected.add(new String(json.write(session), UTF_8));
      }
      assertEquals(
          expected,
          demo.out()
              .lines()
              .filter(line -> !withLateVisits.contains(visitId(line)))
              .collect(Collectors.toSet()));
    }

    /** Broker, records, sessions and summary are independent of the locale. */
    @Test
    void demoIsTheSameInArabic() throws Exception {
      Command demo =
          Command.start(
              folder,
              List.of("-Duser.language=ar", "-Duser.country=EG"),
              "demo",
              "--visits=100",
              "--metricsPort=0");
      started.add(demo);
      assertEquals(0, demo.exitCode(300), demo.err());
      assertTrue(demo.err().contains("\n100 visits in "), demo.err());
      String ascii = "\\p{ASCII}*";
      assertTrue(demo.err().matches(ascii), demo.err());
      assertTrue(demo.out().matches(ascii), demo.out());
    }

    @Test
    void demoWithoutAcceptedVisitsExitsWithFour() throws Exception {
      Command demo = start("demo", "--visits=20", "--maxRecordBytes=10");
      assertEquals(4, demo.exitCode(300), demo.err());
      assertTrue(demo.err().contains("Dead letters: 20 TOO_LARGE (visits-"), demo.err());
    }

    @Test
    void demoRunsOnFlink() throws Exception {
      Command demo = start("demo", "--visits=600", "--runner=FlinkRunner");
      assertEquals(0, demo.exitCode(300), demo.err());
      assertTrue(demo.err().endsWith("Every visit is accounted for.\n"), demo.err());
      // Flink declines a checkpoint that starts while the job finishes, with a warning.
      assertEquals(
          List.of(),
          demo.err()
              .lines()
              .filter(line -> line.contains(" WARN ") && !line.contains("CheckpointFailureManager"))
              .toList());
      assertEquals(List.of(), filesOfFlink());
    }
  }

  @Nested
  class Broker {
    @Test
    void ctrlCStopsBrokerAndDeletesItsFolder() throws Exception {
      Command broker = start("broker", "--port=0");
      broker.awaitErr("Ctrl-C stops it", 300);
      Path data = Path.of(broker.err().replaceFirst("(?s).*data in (\\S+) .*", "$1"));
      assertTrue(Files.isDirectory(data), broker.err());
      List<ProcessHandle> processes = broker.process().descendants().toList();
      assertFalse(processes.isEmpty());

      broker.interrupt();
      assertEquals(SIGINT, broker.exitCode(30), broker.err());
      processes.forEach(process -> assertFalse(process.isAlive()));
      assertFalse(Files.exists(data));
      assertFalse(broker.err().contains("Exception"), broker.err());
    }

    @Test
    void killedCommandStopsBrokerProcess() throws Exception {
      Command broker = start("broker", "--port=0", "--dataDir=" + folder.resolve("data"));
      broker.awaitErr("Ctrl-C stops it", 300);
      List<ProcessHandle> processes = broker.process().descendants().toList();
      broker.process().destroyForcibly();
      for (ProcessHandle process : processes) {
        process.onExit().get(30, TimeUnit.SECONDS);
      }
    }

    @Test
    void brokerNamesPortInUse() throws Exception {
      try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Command broker = start("broker", "--port=" + inUse.getLocalPort());
        assertEquals(3, broker.exitCode(300));
        assertEquals(
            "sessionizer: port %s is in use: stop the program that listens there, or choose another port with --port\n"
                .formatted(inUse.getLocalPort()),
            broker.err());
      }
    }

    @Test
    void rejectsPortOutOfRange() throws Exception {
      Command broker = start("broker", "--port=80000");
      assertEquals(2, broker.exitCode(300));
      assertEquals(
          "sessionizer: --port=80000: must be from 0 to 65535\nTry sessionizer broker --help\n",
          broker.err());
    }

    @Test
    void brokerNamesFolderThatIsFull() throws Exception {
      Command broker = Command.withSmallFiles(folder, "broker", "--port=0");
      started.add(broker);
      broker.awaitErr("Ctrl-C stops it", 300);
      String address = broker.err().replaceFirst("(?s).*broker at ([^,]+),.*", "$1");
      String data = broker.err().replaceFirst("(?s).*data in (\\S+) .*", "$1");
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              address,
              "delivery.timeout.ms",
              5_000,
              "request.timeout.ms",
              4_000);
      try (var producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int megabytes = 0; megabytes < 40 && broker.process().isAlive(); megabytes++) {
          try {
            producer.send(new ProducerRecord<>("visits", 0, null, new byte[1_000_000])).get();
          } catch (ExecutionException e) {
            broker.process().waitFor(1, TimeUnit.SECONDS); // It is ending.
          }
        }
      }
      assertEquals(1, broker.exitCode(30));
      assertEquals(
          "sessionizer: the Kafka broker has stopped, because it cannot write to %s: File too large."
                  .formatted(data)
              + " Make room there, or use another folder.",
          broker.err().lines().reduce((a, b) -> b).orElseThrow());
      assertFalse(Files.exists(Path.of(data)));
    }
  }

  @Nested
  class Run {
    @ParameterizedTest
    @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
    void reportsWhyDrainedJobAcceptedNothing(String runner) throws Exception {
      TestKafka kafka = new TestKafka().createTopics();
      kafka.writeVisits(
          1,
          "no visit".getBytes(UTF_8),
          "{\"visit_id\":\"a\",\"event_time\":\"today\"}".getBytes(UTF_8),
          "no visit either".getBytes(UTF_8));
      Command run = start("run", kafka.flags("--runner=" + runner, "--stopWhenDrained"));
      assertEquals(4, run.exitCode(300), run.err());
      String rejected =
          "2 NOT_JSON (%1$s-1@0), 1 BAD_EVENT_TIME (%1$s-1@1)".formatted(kafka.topic("visits"));
      String command =
          "./sessionizer tail --topic=%s --bootstrapServers=%s --noFollow"
              .formatted(kafka.topic("dead-letters"), TestKafka.address());
      assertTrue(
          run.err()
              .endsWith(
                  "WARN SessionizationJob - 3 of 3 records rejected: %s; %s shows them\n"
                      .formatted(rejected, command)),
          run.err());
      assertEquals(
          1, run.err().lines().filter(line -> line.contains(" RejectionLog - rejected ")).count());
      assertTrue(
          run.err()
              .contains(
                  "3 of the first 3 records rejected: the format is probably another one;"
                      + " ./sessionizer inspect --bootstrapServers=%s --visitsTopic=%s shows it\n"
                          .formatted(TestKafka.address(), kafka.topic("visits"))),
          run.err());

      List<String> words = List.of(command.split(" "));
      Command tail = start(words.get(1), words.subList(2, words.size()).toArray(String[]::new));
      assertEquals(0, tail.exitCode(300), tail.err());
      Set<String> reasons = new HashSet<>();
      for (String line : tail.out().lines().toList()) {
        JsonNode headers = new ObjectMapper().readTree(line).path("headers");
        reasons.add(headers.path("source.offset").asText() + headers.path("error.reason").asText());
      }
      assertEquals(Set.of("0NOT_JSON", "1BAD_EVENT_TIME", "2NOT_JSON"), reasons);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
    void ctrlCStopsJobCleanly(String runner) throws Exception {
      TestKafka kafka = new TestKafka().createTopics();
      kafka.writeVisits(0, "no visit".getBytes(UTF_8));
      Command run = start("run", kafka.flags("--runner=" + runner));
      kafka.awaitRecords("dead-letters", 1, () -> assertTrue(run.process().isAlive()));
      run.interrupt();
      assertEquals(SIGINT, run.exitCode(30), run.err());
      assertFalse(run.err().contains("Exception"), run.err());
      assertEquals(List.of(), filesOfFlink());
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows", "stateful"})
    void sigtermDuringBacklogStopsJobCleanly(String engine) throws Exception {
      TestKafka kafka = new TestKafka().createTopics();
      kafka.generate(
          new Traffic(5_000, 50, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
      Command run = start("run", kafka.flags("--engine=" + engine));
      kafka.awaitRecords("sessions", 1, () -> assertTrue(run.process().isAlive()));
      run.signal("TERM");
      assertEquals(SIGTERM, run.exitCode(30), run.err());
      assertTrue(
          run.err().endsWith("stopping the job; sessions that are still open are not written\n"),
          run.err());
    }

    @Test
    void namesMissingBroker() throws Exception {
      Command run = start("run", "--bootstrapServers=127.0.0.1:1");
      assertEquals(3, run.exitCode(300));
      assertEquals(
          "sessionizer: no Kafka broker responds at 127.0.0.1:1 within 10 s: nothing listens there;"
              + " start one with ./sessionizer broker, or name yours with"
              + " --bootstrapServers=HOST:PORT\n",
          run.err());
    }

    @Test
    void namesMissingTopics() throws Exception {
      TestKafka kafka = new TestKafka();
      Command run = start("run", kafka.flags());
      assertEquals(3, run.exitCode(300));
      assertEquals(
          "sessionizer: topics %s, %s, %s, %s do not exist at %s; create them with ./sessionizer topics %s\n"
              .formatted(
                  kafka.topic("visits"),
                  kafka.topic("sessions"),
                  kafka.topic("late-visits"),
                  kafka.topic("dead-letters"),
                  TestKafka.address(),
                  String.join(" ", kafka.flags())),
          run.err());
    }
  }

  @Test
  void generateWritesVisitsOfSeedByKey() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    Command generate =
        start(
            "generate",
            "--bootstrap-servers=" + TestKafka.address(),
            "--topic=" + kafka.topic("visits"),
            "--visits=500",
            "--visitors=20",
            "--seed=5",
            "--malformed=3");
    assertEquals(0, generate.exitCode(300), generate.err());
    List<String> expected = new ArrayList<>();
    new VisitGenerator(
            new Traffic(
                500, 20, Instant.parse("2024-01-01T00:00:00Z"), 5, new TrafficMix(0, 0, 0, 3)))
        .forEachRemaining(visit -> expected.add(text(visit.key()) + ' ' + text(visit.value())));
    assertEquals(
        expected.stream().sorted().toList(),
        kafka.read("visits").stream()
            .map(record -> text(record.key()) + ' ' + text(record.value()))
            .sorted()
            .toList());
  }

  @Test
  void tailPrintsJsonIntoPipe() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.writeVisits(
        1,
        "{\"visit_id\":\"a\",\"event_time\":\"2024-01-01T00:00:00Z\",\"page\":\"<b>é\"}"
            .getBytes(UTF_8));
    assertEquals(0, start("run", kafka.flags("--stopWhenDrained")).exitCode(300));
    Command tail =
        start(
            "tail",
            "--noFollow",
            "--topic=" + kafka.topic("sessions"),
            "--bootstrapServers=" + TestKafka.address());
    assertEquals(0, tail.exitCode(300), tail.err());
    JsonNode record = new ObjectMapper().readTree(tail.out());
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"offset": 0,
                 "key": "a@1704067200000",
                 "headers": {"revision": "1", "timing": "on_time", "end_reason": "inactivity"},
                 "value": {"visit_id": "a", "start_time": "2024-01-01T00:00:00.000Z",
                           "end_time": "2024-01-01T00:00:00.000Z",
                           "visited_pages": [
                             {"page": "<b>é", "event_time_as_milliseconds": 1704067200000}],
                           "duration_in_milliseconds": 0}}
                """),
        withoutRun(((ObjectNode) record).without("partition")));
  }

  private static ObjectNode withoutRun(ObjectNode record) {
    String run = ((ObjectNode) record.path("headers")).remove("run").asText();
    assertEquals(run, UUID.fromString(run).toString());
    return record;
  }

  /** Returns the remaining files of Flink, which are in a temporary folder of the process. */
  private List<Path> filesOfFlink() throws IOException {
    try (Stream<Path> left = Files.walk(folder)) {
      return left.filter(path -> path.toString().toLowerCase(Locale.ROOT).contains("flink"))
          .toList();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static String visitId(String session) {
    return session.replaceFirst("^\\{\"visit_id\":\"([^\"]*)\".*", "$1");
  }

  private Command start(String name, String... args) throws IOException {
    Command command = Command.start(folder, List.of(), name, args);
    started.add(command);
    return command;
  }
}
