package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of docs/rules.md are what a job does. */
class RulesPageTest {
  private final Page page = Page.of(Path.of("docs", "rules.md"));

  @Test
  void examplesAreWhatHappens() throws Exception {
    List<String> examples =
        page.titles(2).stream().filter(title -> title.startsWith("--")).toList();
    assertEquals(4, examples.size());
    for (String flags : examples) {
      List<List<String>> rows = page.table(flags, "visit at");
      Settings settings = Flags.parse(flags.split(" ")).settings();
      SessionPolicy policy = settings.policy();
      VisitParser parser =
          new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
      List<VisitedPage> visits =
          rows.stream()
              .map(row -> ((Visit) parser.parse(event(row, flags.contains("ad_id")))))
              .map(Visit::visitedPage)
              .toList();
      List<String> expected = rows.stream().map(row -> row.get(3) + " " + code(row, 4)).toList();
      assertEquals(expected, rows(CutSessions.of("v", visits, policy)), flags);
    }
  }

  /** Of each visit the number of its session, and of the last one of a session why it ended. */
  private static List<String> rows(List<Upsert> sessions) {
    List<String> rows = new ArrayList<>();
    for (int number = 1; number <= sessions.size(); number++) {
      Upsert session = sessions.get(number - 1);
      for (int left = session.session().pages().size(); left > 0; left--) {
        rows.add(number + " " + (left == 1 ? session.endReason().headerValue() : null));
      }
    }
    return rows;
  }

  private static byte[] event(List<String> row, boolean hasAd) {
    ObjectNode event = new ObjectMapper().createObjectNode();
    event.put("visit_id", "v").put("event_time", row.get(0)).put("page", code(row, 2));
    ObjectNode parent = hasAd ? event.putObject("context") : event;
    parent.put(hasAd ? "ad_id" : "user_id", code(row, 1));
    return event.toString().getBytes(UTF_8);
  }

  private static String code(List<String> row, int column) {
    return Page.codesIn(row.get(column)).stream().findFirst().orElse(null);
  }
}
