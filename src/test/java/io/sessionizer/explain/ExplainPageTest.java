package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.kafka.admin.RecordJson;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.repository.ProgramTexts;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/explain-and-watch.md is what {@code explain} prints. */
class ExplainPageTest {
  private final Page page = Page.of(Path.of("docs", "explain-and-watch.md"));

  ExplainPageTest() throws IOException {}

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
    assertEquals(List.of(explanation.stripTrailing()), page.code("text"));
  }

  private static String message(String malformed) {
    VisitParser parser = new VisitParser(1 << 20, Duration.ZERO, Clock.systemUTC());
    return ((Rejection) parser.parse(malformed.getBytes(UTF_8))).message();
  }

  @Test
  void everyStatementIsInSource() throws Exception {
    List<String> statements =
        page.table("What each statement is inferred from", "statement").stream()
            .flatMap(row -> Page.codesIn(row.get(0)).stream())
            .toList();
    assertEquals(Set.of(), ProgramTexts.in("explain").missing(statements));
  }

  @Test
  void everyStatusIsInSource() throws Exception {
    List<String> statuses =
        page.table("The status", "status").stream()
            .flatMap(row -> Page.codesIn(row.get(0)).stream())
            .toList();
    assertEquals(Set.of(), ProgramTexts.in("watch").missing(statuses));
  }

  @Test
  void pipeFindsCorrections(@TempDir Path folder) throws Exception {
    String pipe =
        page.code("sh").stream()
            .filter(block -> block.startsWith("./sessionizer tail --noFollow |"))
            .map(block -> block.substring(block.indexOf('|') + 1))
            .findFirst()
            .orElseThrow();
    Path printed = folder.resolve("printed");
    Files.writeString(printed, tail(Timing.ON_TIME) + "\n" + tail(Timing.LATE) + "\n");
    Process found = new ProcessBuilder("sh", "-c", pipe).redirectInput(printed.toFile()).start();
    assertEquals(
        tail(Timing.LATE) + "\n", new String(found.getInputStream().readAllBytes(), UTF_8));
  }

  private static String tail(Timing timing) {
    Session session = new Session("v1", List.of(new VisitedPage(0, "index", "kim")));
    TopicRecord written =
        new Upsert(session, 1, timing, EndReason.INACTIVITY).write(new SessionJson(ZoneOffset.UTC));
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("sessions", 0, 0, written.key(), written.value());
    written.headers().forEach(header -> record.headers().add(header.name(), header.value()));
    return RecordJson.of(record).toString();
  }
}
