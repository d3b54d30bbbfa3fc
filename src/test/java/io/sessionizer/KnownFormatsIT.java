package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.KnownFormats;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SampleEvents;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on events of the systems whose formats are known, with nothing but the format's name. */
class KnownFormatsIT {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final int EVENTS = 1_000;

  @TempDir private Path folder;

  static List<String> formats() {
    return KnownFormats.NAMES;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void filesGiveSessionsOfModel(String format) throws Exception {
    SampleEvents sample = SampleEvents.of(format, 1, EVENTS);
    List<String> lines = new ArrayList<>(sample.lines());
    Collections.shuffle(lines, new Random(2));
    Path in = Files.write(folder.resolve("events"), lines, UTF_8);
    Path out = folder.resolve("out");
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run("--input=" + in, "--output=" + out, "--visitFormat=" + format));
    assertEquals(jsonOf(sessionsOfModel(sample)), lines(out, "sessions-"));
    assertEquals(List.of(), lines(out, "dead-letters-"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"segment", "combined", "snowplow-tsv"})
  void topicsGiveSessionsOfModel(String format) throws Exception {
    SampleEvents sample = SampleEvents.of(format, 3, EVENTS);
    TestKafka kafka = new TestKafka().createTopics();
    for (int partition = 0; partition < 2; partition++) {
      kafka.writeVisits(partition, values(sample.lines(), partition));
    }
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(kafka.flags("--stopWhenDrained", "--visitFormat=" + format)));
    assertEquals(
        SessionsTable.ofSessions(sessionsOfModel(sample)),
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

  private static List<Session> sessionsOfModel(SampleEvents sample) {
    return ModelSessionizer.sessions(sample.visits(), GAP);
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
