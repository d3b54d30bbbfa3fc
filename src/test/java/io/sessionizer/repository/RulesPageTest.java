package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.launch.Flags;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.testing.Page;
import java.nio.file.Path;
import java.time.Instant;
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
    assertEquals(3, examples.size());
    for (String flags : examples) {
      List<List<String>> rows = page.table(flags, "visit at");
      SessionPolicy policy = Flags.parse(flags.split(" ")).settings().policy();
      List<VisitedPage> visits =
          rows.stream()
              .map(
                  row ->
                      new VisitedPage(
                          Instant.parse(row.get(0)).toEpochMilli(), code(row, 2), code(row, 1)))
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

  private static String code(List<String> row, int column) {
    return Page.codesIn(row.get(column)).stream().findFirst().orElse(null);
  }
}
