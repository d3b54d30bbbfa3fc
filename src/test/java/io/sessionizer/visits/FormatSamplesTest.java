package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.KnownFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records as the documentation of each system shows them, with made-up values, and what each of
 * them is: the files {@code NAME.expected} have a line for each line of the sample.
 */
class FormatSamplesTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "formats");
  private static final Map<String, String> ENDINGS =
      Map.of("snowplow-tsv", ".tsv", "combined", ".log");

  /** A visit without a user, or without a page. */
  private static final String NONE = "-";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  static List<String> formats() {
    return KnownFormats.NAMES;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void recordsAreWhatIsExpected(String format) throws IOException {
    VisitParser parser = parser(format);
    List<String> actual = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve(format + ending(format)), UTF_8)) {
      actual.add(outcome(parser.parse(line.getBytes(UTF_8))));
    }
    assertEquals(
        Files.readString(FOLDER.resolve(format + ".expected"), UTF_8),
        String.join("\n", actual) + "\n");
  }

  /** Topics of PostHog and other systems have times without a zone, with a blank in them. */
  @Test
  void postHogTopicHasPropertiesAsText() {
    List<String> problems = new ArrayList<>();
    FormatFile file = FormatFile.read("posthog", problems);
    Map<String, String> values = file.values();
    values.put("--jsonText", "/properties");
    InputFormat format = InputFormat.read(values, file.missing(), problems);
    assertEquals(List.of(), problems);
    VisitParser parser = new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    String json =
        """
        {"uuid":"0195519e-4a2b-7000-8000-000000000001","event":"$pageview",
         "properties":"{\\"$device_id\\":\\"device-1\\",\\"$pathname\\":\\"/a\\"}",
         "timestamp":"2025-03-01 10:00:00.250","team_id":1,"distinct_id":"distinct-1",
         "person_id":"person-1","created_at":"2025-03-01 10:00:01.000"}
        """;
    assertEquals(
        "visit\tdevice-1\t2025-03-01T10:00:00.250Z\tperson-1\t/a",
        outcome(parser.parse(json.getBytes(UTF_8))));
  }

  private static VisitParser parser(String name) {
    List<String> problems = new ArrayList<>();
    FormatFile file = FormatFile.read(name, problems);
    InputFormat format = InputFormat.read(file.values(), file.missing(), problems);
    assertEquals(List.of(), problems);
    return new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
  }

  private static String outcome(ParsedRecord record) {
    if (record instanceof Visit visit) {
      return String.join(
          "\t",
          "visit",
          visit.visitId(),
          TIME.format(Instant.ofEpochMilli(visit.eventTimeMillis())),
          Objects.requireNonNullElse(visit.userId(), NONE),
          Objects.requireNonNullElse(visit.page(), NONE));
    }
    return record instanceof Rejection rejection ? "rejected\t" + rejection.reason() : "filtered";
  }

  private static String ending(String format) {
    return ENDINGS.getOrDefault(format, ".jsonl");
  }
}
