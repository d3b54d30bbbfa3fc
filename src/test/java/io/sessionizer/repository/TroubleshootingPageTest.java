package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.launch.Flags;
import io.sessionizer.metrics.MetricNames;
import io.sessionizer.metrics.RejectionCounts;
import io.sessionizer.process.OutOfMemory;
import io.sessionizer.records.Reason;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages, reasons, exit codes and metrics of docs/troubleshooting.md are the program's. */
class TroubleshootingPageTest {
  private static final Pattern METRIC = Pattern.compile("sessionizer_\\w+");

  private static final VisitParser PARSER =
      new VisitParser(1 << 20, Duration.ofHours(1), Clock.systemUTC());

  private static final VisitParser LOG_PARSER =
      new VisitParser(logFormat(), 1 << 20, Duration.ofHours(1), Clock.systemUTC());

  private final Page page = Page.of(Path.of("docs", "troubleshooting.md"));

  TroubleshootingPageTest() throws IOException {}

  @Test
  void everyMessageIsInSource() throws IOException {
    List<String> messages = messages();
    assertTrue(messages.size() > 40, () -> messages.size() + " messages");
    assertEquals(Set.of(), ProgramTexts.in("").missing(messages));
  }

  /** Those of the columns of messages, and code of several words in those that say how to see. */
  private List<String> messages() {
    return Stream.concat(
            page.column("message").stream().flatMap(cell -> Page.codesIn(cell).stream()),
            page.column("how to see it").stream()
                .flatMap(cell -> Page.codesIn(cell).stream())
                .filter(code -> code.contains(" ")))
        .toList();
  }

  @Test
  void examplesAreRejectedForTheirReasons() {
    List<List<String>> rows = page.table("Rejected records", "`error.reason`");
    assertEquals(
        Arrays.stream(Reason.values()).map(Reason::name).toList(),
        rows.stream().map(row -> Page.codesIn(row.get(0)).get(0)).toList());
    for (List<String> row : rows) {
      byte[] value = example(row.get(1)).getBytes(UTF_8);
      boolean isText = row.get(0).equals("`NOT_IN_FORMAT`");
      Rejection rejection = (Rejection) (isText ? LOG_PARSER : PARSER).parse(value);
      assertEquals(row.get(0), "`" + rejection.reason() + "`", row.get(1));
    }
  }

  private static InputFormat logFormat() {
    FormatFile file = FormatFile.read("combined", new ArrayList<>());
    return InputFormat.read(file.values(), file.missing(), new ArrayList<>());
  }

  private static String example(String cell) {
    return switch (cell) {
      case "white space only" -> " \n";
      case "a `page` of 5,000 characters" ->
          "{\"visit_id\":\"v1\",\"event_time\":\"2024-01-01T00:18:00Z\",\"page\":\"%s\"}"
              .formatted("x".repeat(5000));
      default -> Page.codesIn(cell).get(0);
    };
  }

  @Test
  void logLineIsThatOfDrainedJob() throws Exception {
    RejectionCounts rejections = new RejectionCounts();
    rejections.add(Reason.NOT_JSON, 2, "visits-1@0");
    rejections.add(Reason.BAD_EVENT_TIME, 1, "visits-1@1");
    assertEquals(
        List.of(
            "3 of 3 records rejected: %s; %s shows them"
                .formatted(rejections, Flags.parse().settings().showsDeadLetters())),
        page.code("text"));
  }

  @Test
  void tableListsEveryExitCode() {
    assertEquals(
        Stream.of(
                SessionizationJob.DONE,
                SessionizationJob.FAILED,
                SessionizationJob.BAD_FLAGS,
                SessionizationJob.NOT_READY,
                SessionizationJob.NONE_ACCEPTED,
                OutOfMemory.EXIT_CODE,
                130,
                143)
            .map(String::valueOf)
            .toList(),
        page.column("code"));
  }

  @Test
  void everyMetricExists() throws IOException {
    Set<String> named = new TreeSet<>();
    METRIC
        .matcher(Files.readString(Path.of("docs/troubleshooting.md")))
        .results()
        .forEach(metric -> named.add(metric.group()));
    assertTrue(named.size() > 5, named::toString);
    named.removeAll(MetricNames.inProcess());
    assertEquals(Set.of(), named);
  }
}
