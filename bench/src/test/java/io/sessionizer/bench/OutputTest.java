package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a figure counts, and what it is. */
class OutputTest {
  private static final Session ONE = session("one", 0, 60_000);
  private static final Session TWO = session("two", 30_000);
  private static final SessionJson JSON = new SessionJson(ZoneOffset.UTC);

  private final Expected expected = new Expected(List.of(ONE, TWO), Set.of());

  @Test
  void theSessionsOfTheModelAreExact() {
    assertEquals("", expected.problems(table(ONE, TWO)));
  }

  @Test
  void countsMissingWrongAndForeignSessions() {
    Map<String, byte[]> table = table(ONE, session("three", 0));
    table.put(ONE.id().toString(), Expected.digest("{}".getBytes(UTF_8)));

    assertEquals("of 2 sessions 1 are missing and 1 wrong; 1 others", expected.problems(table));
  }

  @Test
  void sessionsOfUndecidedVisitIdsMayBeOthers() {
    Expected onlyOne = new Expected(List.of(ONE, TWO), Set.of("two"));

    assertEquals("", onlyOne.problems(table(ONE)));
    assertEquals("", onlyOne.problems(table(ONE, session("two", 31_000))));
  }

  @Test
  void visitIsOpenUntilItsSessionCloses() {
    // Over an hour one visit of two: its middle half starts 15 minutes after the first one,
    // whose session is over 17 minutes after it.
    Expected hour = new Expected(List.of(session("a", 0), session("b", 3_600_000)), Set.of());

    assertEquals(2.0 / 30, hour.openVisits(), 1e-9);
  }

  @Test
  void theMedianIsTheMiddleOne() {
    assertEquals(0, Statistics.median());
    assertEquals(2, Statistics.median(9, 1, 2));
    assertEquals(3, Statistics.median(4, 9, 1, 2));
  }

  @Test
  void readsCheckpointsFromLog(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("log");
    Files.writeString(
        log,
        """
        INFO Triggering checkpoint 1 (type=CheckpointType{name='Checkpoint'}) @ 1 for job 2.
        INFO Completed checkpoint 1 for job 2 (123 bytes, checkpointDuration=45 ms, finalizationTime=1 ms).
        INFO Completed checkpoint 2 for job 2 (67 bytes, checkpointDuration=890 ms, finalizationTime=1 ms).
        """);

    assertEquals(123, Checkpoints.in(log).mostBytes());
    assertEquals(890, Checkpoints.in(log).mostMillis());
  }

  private static Session session(String visitId, long... times) {
    return new Session(
        visitId,
        java.util.Arrays.stream(times)
            .mapToObj(time -> new VisitedPage(time, "index", "kim"))
            .toList());
  }

  private static Map<String, byte[]> table(Session... sessions) {
    Map<String, byte[]> table = new HashMap<>();
    for (Session session : sessions) {
      table.put(session.id().toString(), Expected.digest(JSON.write(session)));
    }
    return table;
  }
}
