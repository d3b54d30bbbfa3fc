package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.CountedNoun;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on a terminal: Ctrl-C, which signals all of their processes, and the status line. */
class TerminalIT {
  private static final int SIGINT = 130;
  private static final int SIGTERM = 143;
  private static final Pattern LOG = Pattern.compile("\\d\\d:\\d\\d:\\d\\d (INFO|WARN) .*");

  @TempDir private Path folder;
  private final List<Command> started = new ArrayList<>();

  @AfterEach
  void nothingStaysBehind() {
    started.forEach(Command::close);
  }

  @ParameterizedTest
  @CsvSource({
    "starting a Kafka broker, --visits=500000",
    "writing visits, --visits=500000",
    "closed, --forever --runner=FlinkRunner"
  })
  void ctrlCStopsDemo(String shown, String args) throws Exception {
    Command demo = start("demo", args.split(" "));
    demo.awaitShown(shown, 300);
    stop(demo, SIGINT);
    List<String> lines = lines(demo);
    assertTrue(
        lines.get(lines.size() - 1).matches("Stopped early: [0-9,]+ visits? in .*\\."), demo.out());
    for (String line : lines.subList(0, lines.size() - 1)) {
      assertTrue(line.startsWith("{\"visit_id\"") || LOG.matcher(line).matches(), demo.out());
    }
  }

  @Test
  void sigtermToGroupStopsDemo() throws Exception {
    Command demo = start("demo", "--forever");
    demo.awaitShown("closed", 300);
    stop(demo, SIGTERM);
  }

  @ParameterizedTest
  @ValueSource(ints = {SIGINT, SIGTERM})
  void signalToGroupStopsBroker(int signal) throws Exception {
    Command broker = start("broker", "--port=0");
    broker.awaitShown("Ctrl-C stops it", 300);
    stop(broker, signal);
    assertEquals(1, lines(broker).size(), broker.out());
  }

  @Test
  void ctrlCStopsJobOnFlink() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    Command run = start("run", kafka.flags("--runner=FlinkRunner", "--checkpointingInterval=2000"));
    kafka.writeVisits(0, "no visit".getBytes(UTF_8));
    kafka.awaitRecords("dead-letters", 1, () -> assertTrue(run.process().isAlive()));
    stop(run, SIGINT);
  }

  @Test
  void ctrlCStopsGenerate() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    Command generate =
        start(
            "generate",
            "--bootstrapServers=" + TestKafka.address(),
            "--topic=" + kafka.topic("visits"),
            "--rate=100");
    generate.awaitShown("generate", 300);
    stop(generate, SIGINT);
    assertEquals(
        CountedNoun.of(kafka.read("visits").size(), "record") + " written",
        lines(generate).get(0).replaceFirst(" in .*", ""));
  }

  @Test
  void ctrlCStopsExplain() throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.generate(
        new Traffic(100, 5, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
    Command explain =
        start(
            "explain",
            kafka.flags(
                // The broker responds with so many bytes, or after this time.
                "--consumerConfig=fetch.min.bytes=100000000",
                "--consumerConfig=fetch.max.wait.ms=25000",
                "some-id"));
    explain.awaitShown("explain", 300);
    stop(explain, SIGINT);
    assertEquals(List.of(), lines(explain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail", "watch"})
  void ctrlCStopsTailAndWatch(String name) throws Exception {
    TestKafka kafka = new TestKafka().createTopics();
    kafka.generate(
        new Traffic(1, 1, Instant.parse("2024-01-01T00:00:00Z"), 1, TrafficMix.ALL_ON_TIME));
    Command command =
        name.equals("tail")
            ? start(
                "tail",
                "--bootstrapServers=" + TestKafka.address(),
                "--topic=" + kafka.topic("visits"))
            : start("watch", kafka.flags("--port=0"));
    command.awaitShown(kafka.topic("visits"), 300);
    stop(command, SIGINT);
  }

  /** Stops a command, which must leave no process, no file, and no stack trace. */
  private void stop(Command command, int exitCode) throws Exception {
    List<ProcessHandle> processes = command.process().descendants().toList();
    if (exitCode == SIGINT) {
      command.pressCtrlC();
    } else {
      command.signalGroup("TERM");
    }
    assertEquals(exitCode, command.exitCode(60), command.out());
    assertEquals(List.of(), processes.stream().filter(ProcessHandle::isAlive).toList());
    assertEquals(List.of(), left(), command.out());
    assertFalse(command.out().contains("Exception"), command.out());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      return left.filter(path -> !path.toString().matches(".*\\.(out|err)")).toList();
    }
  }

  /** Returns the lines that remain on the terminal. */
  private static List<String> lines(Command command) throws IOException {
    return Stream.of(command.out().replace("^C", "").split("\r?\n"))
        .map(line -> line.substring(line.lastIndexOf("\r\u001B[K") + 1).replace("\u001B[K", ""))
        .filter(line -> !line.isBlank())
        .toList();
  }

  private Command start(String name, String... args) throws IOException {
    Command command = Command.onTerminal(folder, name, args);
    started.add(command);
    return command;
  }
}
