package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.SessionizationJob;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The explanation of a visit id from the topics of a real job. */
class ExplainIT {
  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  @BeforeEach
  void aJobHasRun() throws Exception {
    kafka.createTopics();
    kafka.writeVisits(
        0,
        visit("v1", "00:00:00", "index"),
        visit("v1", "00:00:30", "<script>"),
        visit("v1", "00:17:33", "\u001b[2J"),
        "{\"visit_id\":\"v1\",\"event_time\":\"soon\"}".getBytes(UTF_8));
    kafka.writeVisits(1, visit("v2", "00:00:00", "index"));
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
  }

  @Test
  void explainsSessionsAndDeadLetters() throws Exception {
    try (Command explain = explain("v1")) {
      assertEquals(0, explain.exitCode(300), explain.err());
      assertEquals(
          """
          v1: 2 sessions of 3 visits; 1 dead letter
          stateful engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

          Visits, by event time
            2024-01-01T00:00:00.000Z  index     visits-0 @ 0  in v1@1704067200000
              + 30 s
            2024-01-01T00:00:30.000Z  <script>  visits-0 @ 1  in v1@1704067200000
              + 17 min 3 s: more than the gap of 16 min, so a new session
            2024-01-01T00:17:33.000Z  \\u001b[2J      visits-0 @ 2  in v1@1704068253000

          Rejected records
            visits-0 @ 3  BAD_EVENT_TIME: event_time "soon" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00
              dead letter dead-letters-0 @ 0; known by its visit_id

          Sessions, as they were written
            sessions-1 @ 0  v1@1704067200000, revision 1, on_time
              2024-01-01T00:00:00.000Z to 2024-01-01T00:00:30.000Z, 2 visits, 30 s
              ended by inactivity: emitted once the watermark reaches 2024-01-01T00:16:30.000Z, the gap after its last visit
            sessions-1 @ 1  v1@1704068253000, revision 1, on_time
              2024-01-01T00:17:33.000Z to 2024-01-01T00:17:33.000Z, 1 visit, 0 s
              ended by inactivity: emitted once the watermark reaches 2024-01-01T00:33:33.000Z, the gap after its last visit

          Watermark, estimated from the visits topic
            at 2023-12-31T23:59:00.000Z on partition 1, the slowest, which the others wait for unless it is idle; at 2024-01-01T00:16:33.000Z on partition 0
          """,
          // A record without a key may go to either partition.
          withoutNumber(explain.out()).replace("dead-letters-1", "dead-letters-0"));
    }
  }

  @Test
  void startsReadingAtGivenTime() throws Exception {
    try (Command explain = explain("--startFrom=2999-01-01T00:00:00Z", "v1")) {
      assertEquals(4, explain.exitCode(300), explain.err());
      assertEquals(
          "sessionizer: nothing of visit id 'v1' among 0 records on visits, sessions, late-visits"
              + " and dead-letters at %s: a visit id is compared character by character\n"
                  .formatted(TestKafka.address()),
          withoutNumber(explain.err()));
    }
  }

  @Test
  void suggestsVisitIdsForUnknownOne() throws Exception {
    try (Command explain = explain("v")) {
      assertEquals(4, explain.exitCode(300), explain.err());
      assertEquals("", explain.out());
      assertEquals(
          "sessionizer: nothing of visit id 'v' among 9 records on visits, sessions, late-visits"
              + " and dead-letters at %s; did you mean v1 or v2?\n".formatted(TestKafka.address()),
          withoutNumber(explain.err()));
    }
  }

  private Command explain(String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of(kafka.flags()));
    all.addAll(List.of(args));
    return Command.start(folder, List.of(), "explain", all.toArray(String[]::new));
  }

  /** The topics of a test have its number in their names. */
  private String withoutNumber(String text) {
    String number = kafka.topic("");
    return text.replaceAll("(visits|sessions|letters)" + number, "$1");
  }

  private static byte[] visit(String visitId, String time, String page) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%sZ\",\"page\":\"%s\"}"
        .formatted(visitId, time, page.replace("\u001b", "\\u001b"))
        .getBytes(UTF_8);
  }
}
