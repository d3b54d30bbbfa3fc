package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.repository.DocsPage;
import io.sessionizer.repository.ProgramTexts;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The example of docs/explain-and-watch.md is what {@code explain} prints. */
class ExplainPageTest {
  @Test
  void exampleIsOutputOfExplain() throws Exception {
    String malformed = "{\"visit_id\":";
    String explanation =
        new ScriptedTopics()
            .visit(0, "00:00", "index")
            .visit(0, "00:28", "contact")
            .visit(0, "v2", "00:46", "index")
            .visit(0, "00:15", "home")
            .record(0, "v1", malformed)
            .visit(0, "v2", "02:00", "index")
            .visit(0, "00:50", "index")
            .session(1, "on_time", "inactivity", "00:00 index")
            .session(1, "on_time", "inactivity", "00:28 contact")
            .session(2, "late", "inactivity", "00:00 index", "00:15 home", "00:28 contact")
            .tombstone(2, "00:28", "00:00")
            .late(0, 6, "00:50", "index", Duration.ofMinutes(69))
            .deadLetter(0, 4, "v1", malformed, "NOT_JSON", message(malformed))
            .explanation("--engine=stateful");
    assertEquals(
        List.of(explanation.stripTrailing()), DocsPage.read("explain-and-watch.md").blocks("text"));
  }

  private static String message(String malformed) {
    VisitParser parser = new VisitParser(1 << 20, Duration.ZERO, Clock.systemUTC());
    return ((Rejection) parser.parse(malformed.getBytes(UTF_8))).message();
  }

  @Test
  void everyStatementIsInSource() throws Exception {
    List<String> statements =
        DocsPage.read("explain-and-watch.md")
            .table("### What each statement is inferred from", "statement")
            .stream()
            .flatMap(row -> DocsPage.code(row.get(0)).stream())
            .toList();
    assertEquals(Set.of(), ProgramTexts.in("explain").missing(statements));
  }
}
