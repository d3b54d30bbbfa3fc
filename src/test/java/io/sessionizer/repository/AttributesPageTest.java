package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/attributes.md are what a job computes. */
class AttributesPageTest {
  @TempDir private Path folder;

  private final Page page = Page.of(Path.of("docs", "attributes.md"));

  /** Returns the JSON of the session of the page. */
  private String session(String... flags) throws Exception {
    Settings settings = Flags.parse(flags).settings();
    VisitParser parser =
        new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
    Session session =
        new Session(
            "v1",
            page.code("json")
                .get(0)
                .lines()
                .map(event -> ((Visit) parser.parse(event.getBytes(UTF_8))).visitedPage())
                .toList());
    SessionJson json =
        new SessionJson(
            settings.timeZone(),
            SessionAttributes.of(settings.attributes(), SkippedValues.UNCOUNTED));
    return new String(json.write(session), UTF_8);
  }

  @Test
  void exampleIsWhatJobComputes() throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), page.code("yaml").get(0));
    assertEquals(page.code("json").get(1).strip(), session("--config=" + file));
  }

  @Test
  void tablesAreWhatJobComputes() throws Exception {
    List<List<String>> functions = page.table("Functions", "function");
    for (List<String> row : functions) {
      assertValue(row.get(3), row.get(2));
    }
    List<List<String>> conditions = page.table("Conditions on a session", "expression");
    for (List<String> row : conditions) {
      assertValue(row.get(1), row.get(0));
    }
    assertEquals(13, functions.size() + conditions.size());
  }

  private void assertValue(String value, String expression) throws Exception {
    String attribute = Page.codesIn(expression).get(0);
    String json = session("--attribute=n=" + attribute);
    assertEquals(
        "{\"n\":" + Page.codesIn(value).get(0) + "}",
        json.substring(json.indexOf("\"attributes\":") + 13, json.length() - 1),
        attribute);
  }
}
