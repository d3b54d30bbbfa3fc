package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SampleEvents;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of the systems whose formats are known, inspected and run, with no edit in between. */
class KnownFormatsIT {
  private static final int EVENTS = 1_000;

  @TempDir private Path folder;

  static List<String> formats() {
    return KnownFormats.NAMES;
  }

  private static void succeed(String command, String... flags) {
    String[] line = Stream.concat(Stream.of(command), Stream.of(flags)).toArray(String[]::new);
    assertEquals(0, Sessionizer.commandLine().execute(line), () -> String.join(" ", line));
  }

  /** Returns the flag of the configuration that {@code inspect} writes. */
  private String inspect(String... source) {
    String config = folder.resolve("sessionizer.yaml").toString();
    succeed(
        "inspect",
        Stream.concat(Stream.of("--output=" + config), Stream.of(source)).toArray(String[]::new));
    return "--config=" + config;
  }

  private static List<Session> sessionsOfModel(SampleEvents sample, String config)
      throws BadFlagsException {
    Settings settings = Flags.parse(config).settings();
    return ModelSessionizer.sessions(sample.visits(), settings.policy().gap());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void filesGiveSessionsOfModel(String format) throws Exception {
    SampleEvents sample = SampleEvents.of(format, 1, EVENTS);
    List<String> lines = new ArrayList<>(sample.lines());
    Collections.shuffle(lines, new Random(2));
    Path in = Files.write(folder.resolve("events"), lines, UTF_8);
    Path out = folder.resolve("out");
    String config = inspect("--input=" + in);
    assertTrue(Files.readString(folder.resolve("sessionizer.yaml")).contains(nameOf(format)));
    succeed("run", config, "--output=" + out);
    assertEquals(jsonOf(sessionsOfModel(sample, config)), lines(out, "sessions-"));
    assertEquals(List.of(), lines(out, "dead-letters-"));
  }

  private static String nameOf(String format) {
    return format.equals("reference") ? "" : "visitFormat: " + format;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void topicsGiveSessionsOfModel(String format) throws Exception {
    SampleEvents sample = SampleEvents.of(format, 3, EVENTS);
    TestKafka kafka = new TestKafka().createTopics();
    for (int partition = 0; partition < 2; partition++) {
      kafka.writeVisits(partition, values(sample.lines(), partition));
    }
    String config =
        inspect(
            "--bootstrapServers=" + TestKafka.address(), "--visitsTopic=" + kafka.topic("visits"));
    succeed("run", kafka.flags(config, "--stopWhenDrained"));
    assertEquals(
        SessionsTable.ofSessions(sessionsOfModel(sample, config)),
        SessionsTable.of(kafka.read("sessions")));
    assertEquals(List.of(), kafka.read("dead-letters"));
    assertEquals(List.of(), kafka.read("late-visits"));
  }

  /** Returns every other line, by time. */
  private static byte[][] values(List<String> lines, int partition) {
    List<byte[]> values = new ArrayList<>();
    for (int i = partition; i < lines.size(); i += 2) {
      values.add(lines.get(i).getBytes(UTF_8));
    }
    return values.toArray(byte[][]::new);
  }

  private static List<String> jsonOf(List<Session> sessions) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    return sessions.stream()
        .map(session -> new String(json.write(session), UTF_8))
        .sorted()
        .toList();
  }

  private static List<String> lines(Path folder, String prefix) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(prefix)) {
          lines.addAll(Files.readAllLines(file, UTF_8));
        }
      }
    }
    return lines.stream().sorted().toList();
  }
}
