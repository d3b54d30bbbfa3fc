package io.sessionizer.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole explanations. */
class ExplanationTest {
  private final ScriptedTopics topics = new ScriptedTopics();

  @Test
  void explainsWhySessionsAreSeparate() throws Exception {
    topics
        .visit(0, "00:00", "index")
        .visit(0, "00:21", "contact")
        .visit(0, "00:20:30", "home")
        .visit(0, "00:09", "home")
        .visit(1, "00:38:03", "index")
        .visit(1, "v2", "01:12", "index")
        .visit(0, "00:54:03", "home")
        .session(
            1,
            "on_time",
            "inactivity",
            "00:00 index",
            "00:09 home",
            "00:20:30 home",
            "00:21 contact")
        .session(1, "on_time", "inactivity", "00:38:03 index");
    assertEquals(
        """
        v1: 2 sessions of 5 visits; 1 visit in no session yet
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  index    visits-0 @ 0  in v1@1704067200000
            + 9 min
          2024-01-01T00:09:00.000Z  home     visits-0 @ 3  in v1@1704067200000
            out of order: 11 min behind the watermark of visits-0, which was at 2024-01-01T00:20:00.000Z; not late, since that is less than the gap of 16 min
            + 11 min 30 s
          2024-01-01T00:20:30.000Z  home     visits-0 @ 2  in v1@1704067200000
            + 30 s
          2024-01-01T00:21:00.000Z  contact  visits-0 @ 1  in v1@1704067200000
            + 17 min 3 s: more than the gap of 16 min, so a new session
          2024-01-01T00:38:03.000Z  index    visits-1 @ 0  in v1@1704069483000
            + 16 min: exactly the gap of 16 min, so a new session
          2024-01-01T00:54:03.000Z  home     visits-0 @ 4  in no session yet

        Sessions, as they were written
          sessions-1 @ 0  v1@1704067200000, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:21:00.000Z, 4 visits, 21 min
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:37:00.000Z, the gap after its last visit
          sessions-1 @ 1  v1@1704069483000, revision 1, on_time
            2024-01-01T00:38:03.000Z to 2024-01-01T00:38:03.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:54:03.000Z, the gap after its last visit

        Watermark, estimated from the visits topic
          at 2024-01-01T00:53:03.000Z on partition 0, the slowest, which the others wait for unless it is idle; at 2024-01-01T01:11:00.000Z on partition 1
          the session of 2024-01-01T00:54:03.000Z is emitted once the watermark reaches 2024-01-01T01:10:03.000Z
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void explainsCorrectionsAndTooLateVisits() throws Exception {
    topics
        .visit(0, "00:00", "index")
        .visit(0, "00:30", "contact")
        .visit(0, "v2", "00:40", "contact")
        .visit(0, "00:15", "home")
        .visit(0, "v2", "02:00", "contact")
        .visit(0, "00:14", "home")
        .visit(0, "00:50", "index")
        .session(1, "on_time", "inactivity", "00:00 index")
        .session(1, "on_time", "inactivity", "00:30 contact")
        .session(2, "late", "inactivity", "00:00 index", "00:15 home", "00:30 contact")
        .tombstone(2, "00:30", "00:00")
        .session(
            3, "late", "inactivity", "00:00 index", "00:14 home", "00:15 home", "00:30 contact")
        .session(
            3, "late", "inactivity", "00:00 index", "00:14 home", "00:15 home", "00:30 contact")
        .late(0, 6, "00:50", "index", Duration.ofMinutes(69));
    assertEquals(
        """
        v1: 1 session of 4 visits; 1 visit too late
        stateful engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  index    visits-0 @ 0  in v1@1704067200000
            + 14 min
          2024-01-01T00:14:00.000Z  home     visits-0 @ 5  in v1@1704067200000
            late: 1 h 45 min behind the watermark of visits-0, which was at 2024-01-01T01:59:00.000Z, and accepted nevertheless: the job's watermark was not as far, or its session was still open
            + 1 min
          2024-01-01T00:15:00.000Z  home     visits-0 @ 3  in v1@1704067200000
            late: 24 min behind the watermark of visits-0, which was at 2024-01-01T00:39:00.000Z, and accepted: gap and lateness allow less than 31 min
            + 15 min
          2024-01-01T00:30:00.000Z  contact  visits-0 @ 1  in v1@1704067200000
          2024-01-01T00:50:00.000Z  index    visits-0 @ 6  too late, in late-visits-0 @ 0
            1 h 9 min behind the watermark of the job, which was at 2024-01-01T01:59:00.000Z; gap and lateness allow less than 31 min

        Sessions, as they were written
          sessions-1 @ 0  v1@1704067200000, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:00:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:16:00.000Z, the gap after its last visit
          sessions-1 @ 1  v1@1704069000000, revision 1, on_time
            2024-01-01T00:30:00.000Z to 2024-01-01T00:30:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:46:00.000Z, the gap after its last visit
          sessions-1 @ 2  v1@1704067200000, revision 2, late
            2024-01-01T00:00:00.000Z to 2024-01-01T00:30:00.000Z, 3 visits, 30 min
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:46:00.000Z, the gap after its last visit
            new: 2024-01-01T00:15:00.000Z home
            new: 2024-01-01T00:30:00.000Z contact
          sessions-1 @ 3  v1@1704069000000, revision 2: deleted
            its visits are in v1@1704067200000
          sessions-1 @ 4  v1@1704067200000, revision 3, late
            2024-01-01T00:00:00.000Z to 2024-01-01T00:30:00.000Z, 4 visits, 30 min
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:46:00.000Z, the gap after its last visit
            new: 2024-01-01T00:14:00.000Z home
          sessions-1 @ 5  v1@1704067200000, revision 3, late
            the same as sessions-1 @ 4: a job that resumes after a failure repeats

        Watermark, estimated from the visits topic
          at 2024-01-01T01:59:00.000Z on partition 0
        """,
        topics.explanation());
  }

  @Test
  void explainsHowDeadLettersAreMatched() throws Exception {
    topics
        .record(0, "v1", "{\"visit_id\":")
        .record(0, null, "{\"visit_id\":\"v1\",\"event_time\":\"now\"}")
        .record(0, null, "{\"visit_id\":\"v1\",")
        .record(1, "v2", "{\"visit_id\":")
        .record(1, null, null)
        .visit(1, "v2", "00:00", "index")
        .deadLetter(0, 0, "v1", "{\"visit_id\":", "NOT_JSON", "the value is not JSON")
        .deadLetter(1, 99, "v1", null, "EMPTY", "the record has no value");
    assertEquals(
        """
        v1: 0 sessions; 4 dead letters
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Rejected records
          visits-0 @ 0  NOT_JSON: the value is not JSON
            dead letter dead-letters-0 @ 0; known by its key
          visits-0 @ 1  BAD_EVENT_TIME: event_time "now" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00
            not yet a dead letter; known by its visit_id
          visits-0 @ 2  NOT_JSON: the value is not JSON at line 1, column 18: Unexpected end-of-input within/between Object entries
            not yet a dead letter; known by the text "v1" in it
          visits-1 @ 99  EMPTY: the record has no value
            dead letter dead-letters-0 @ 1; known by its key

        Watermark, estimated from the visits topic
          at 2023-12-31T23:59:00.000Z on partition 1
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void futureVisitMovesNoWatermark() throws Exception {
    topics
        .visit(0, "05:00", "index")
        .visit(0, "00:00", "home")
        .deadLetter(
            0,
            0,
            "v1",
            "{\"visit_id\":\"v1\",\"event_time\":\"2024-01-01T05:00:00Z\",\"page\":\"index\"}",
            "FUTURE_EVENT_TIME",
            "event_time 2024-01-01T05:00:00Z is more than PT1H ahead of the wall clock");
    assertEquals(
        """
        v1: 0 sessions; 1 visit in no session yet; 1 dead letter
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  home  visits-0 @ 1  in no session yet

        Rejected records
          visits-0 @ 0  FUTURE_EVENT_TIME: event_time 2024-01-01T05:00:00Z is more than PT1H ahead of the wall clock
            dead letter dead-letters-0 @ 0; known by its visit_id

        Watermark, estimated from the visits topic
          at 2023-12-31T23:59:00.000Z on partition 0
          the session of 2024-01-01T00:00:00.000Z is emitted once the watermark reaches 2024-01-01T00:16:00.000Z
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void fastClockMakesNoVisitLate() throws Exception {
    topics.visitAt("00:00", 0, "00:50", "index").visitAt("00:01", 0, "00:01", "home");
    assertEquals(
        """
        v1: 0 sessions; 2 visits in no session yet
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:01:00.000Z  home   visits-0 @ 1  in no session yet
            + 49 min: more than the gap of 16 min, so a new session
          2024-01-01T00:50:00.000Z  index  visits-0 @ 0  in no session yet

        Watermark, estimated from the visits topic
          at 2024-01-01T00:00:00.000Z on partition 0
          the session of 2024-01-01T00:01:00.000Z is emitted once the watermark reaches 2024-01-01T00:17:00.000Z
          the session of 2024-01-01T00:50:00.000Z is emitted once the watermark reaches 2024-01-01T01:06:00.000Z
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void showsOpenSessionsAndUnreadVisits() throws Exception {
    topics
        .visit(0, "00:00", "index")
        .visit(0, "00:10", "home")
        .visit(1, "v2", "03:00", "home")
        .visit(1, "02:00", "index")
        .visit(1, "02:59", "index")
        .committed(0, 2)
        .committed(1, 2);
    assertEquals(
        """
        v1: 0 sessions; 1 visit dropped as too late; 1 visit not read yet; 2 visits in no session yet
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  index  visits-0 @ 0  in no session yet
            + 10 min
          2024-01-01T00:10:00.000Z  home   visits-0 @ 1  in no session yet
          2024-01-01T02:00:00.000Z  index  visits-1 @ 1  in no session: too late, and the windows engine writes no late visits
            late: 59 min behind the watermark of visits-1, which was at 2024-01-01T02:59:00.000Z; gap and lateness allow less than 31 min
          2024-01-01T02:59:00.000Z  index  visits-1 @ 2  not read yet, by the offset that the job's group has committed

        Watermark, estimated from the visits topic
          at 2024-01-01T00:09:00.000Z on partition 0, the slowest, which the others wait for unless it is idle; at 2024-01-01T02:59:00.000Z on partition 1
          the session of 2024-01-01T00:10:00.000Z is emitted once the watermark reaches 2024-01-01T00:26:00.000Z
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void namesRuleThatEndedSession() throws Exception {
    String jo =
        "{\"visit_id\":\"v1\",\"event_time\":\"2024-01-01T%s:00Z\",\"user_id\":\"jo\",\"page\":\"home\"}";
    topics
        .visit(0, "22:40", "index")
        .record(0, "v1", jo.formatted("22:41"))
        .visit(0, "22:55", "index")
        .visit(0, "23:02", "/checkout")
        .visit(0, "23:05", "index")
        .session(1, "on_time", "changed:user_id", "22:40 index")
        .session(1, "on_time", "changed:user_id", "22:41 home")
        .session(1, "on_time", "midnight", "22:55 index")
        .session(1, "on_time", "ended:page=/checkout", "23:02 /checkout")
        .session(1, "on_time", "inactivity", "23:05 index");
    assertEquals(
        List.of(
            "    + 1 min: a new session, because user_id changed from kim to jo",
            "    + 14 min: a new session, because user_id changed from jo to kim",
            "    + 7 min: a new session, because of midnight in Europe/Paris",
            "    + 3 min: a new session, because page=/checkout ended the one before"),
        topics
            .explanation("--timeZone=Europe/Paris")
            .lines()
            .filter(line -> line.startsWith("    + "))
            .toList());
  }

  @Test
  void showsAttributesOfEachRevision() throws Exception {
    String many = "{\"pages\":\"" + "a".repeat(600) + "\"}";
    topics
        .visit(0, "10:00", "index")
        .sessionWith("{\"bounce\":true}", 1, "on_time", "10:00 index")
        .sessionWith(many, 2, "late", "10:00 index");
    assertEquals(
        List.of(
            "    attributes {\"bounce\":true}", "    attributes " + many.substring(0, 500) + "..."),
        topics.explanation().lines().filter(line -> line.startsWith("    attributes")).toList());
  }

  @Test
  void namesDuplicateByEventId() throws Exception {
    String visit =
        "{\"visit_id\":\"v1\",\"event_time\":\"2024-01-01T10:00:00Z\",\"page\":\"%s\",\"id\":\"e\"}";
    topics
        .record(0, "v1", visit.formatted("index"))
        .record(0, "v1", visit.formatted("other"))
        .session(1, "on_time", "inactivity", "10:00 index");
    String explanation = topics.explanation("--deduplicate", "--eventIdField=id");
    assertTrue(
        explanation.contains("counted once with the one before, which has the same time and event"),
        explanation);
  }

  @Test
  void showsValuesOfChangedField() throws Exception {
    String visit =
        "{\"visit_id\":\"v1\",\"event_time\":\"2024-01-01T%s:00Z\",\"page\":\"index\","
            + "\"context\":{\"ad_id\":%s}}";
    topics
        .record(0, "v1", visit.formatted("10:00", "\"A\""))
        .record(0, "v1", visit.formatted("10:01", "null"))
        .record(0, "v1", visit.formatted("10:02", "\"B\""))
        .record(0, "v1", visit.formatted("10:03", "7.50"))
        .session(1, "on_time", "changed:/context/ad_id", "10:00 index", "10:01 index")
        .session(1, "on_time", "changed:/context/ad_id", "10:02 index")
        .session(1, "on_time", "inactivity", "10:03 index");
    assertEquals(
        List.of(
            "    + 1 min",
            "    + 1 min: a new session, because /context/ad_id changed from A to B",
            "    + 1 min: a new session, because /context/ad_id changed from B to 7.5"),
        topics
            .explanation("--splitOn=/context/ad_id")
            .lines()
            .filter(line -> line.startsWith("    + "))
            .toList());
  }

  @Test
  void windowsEngineDropsAndRetractsNothing() throws Exception {
    topics
        .visit(0, "00:00", "index")
        .visit(0, "00:30", "contact")
        .visit(0, "v2", "00:47", "contact")
        .visit(0, "00:15", "home")
        .visit(0, "v2", "02:00", "contact")
        .visit(0, "00:14", "index")
        .session(1, "on_time", "inactivity", "00:00 index")
        .session(1, "on_time", "inactivity", "00:30 contact")
        .session(1, "late", "inactivity", "00:15 home", "00:30 contact");
    assertEquals(
        """
        v1: 3 sessions of 3 visits; 1 visit dropped as too late
        windows engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  index    visits-0 @ 0  in v1@1704067200000
          2024-01-01T00:14:00.000Z  index    visits-0 @ 5  in no session: too late, and the windows engine writes no late visits
            late: 1 h 45 min behind the watermark of visits-0, which was at 2024-01-01T01:59:00.000Z; gap and lateness allow less than 31 min
            + 15 min: less than the gap of 16 min, but one of them was late, and the windows engine retracts no session
          2024-01-01T00:15:00.000Z  home     visits-0 @ 3  in v1@1704068100000
            late: 31 min behind the watermark of visits-0, which was at 2024-01-01T00:46:00.000Z, and accepted nevertheless: the job's watermark was not as far
            + 15 min
          2024-01-01T00:30:00.000Z  contact  visits-0 @ 1  in v1@1704068100000 and in v1@1704069000000

        Sessions, as they were written
          sessions-1 @ 0  v1@1704067200000, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:00:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:16:00.000Z, the gap after its last visit
          sessions-1 @ 1  v1@1704069000000, revision 1, on_time
            2024-01-01T00:30:00.000Z to 2024-01-01T00:30:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:46:00.000Z, the gap after its last visit
          sessions-1 @ 2  v1@1704068100000, revision 1, late
            2024-01-01T00:15:00.000Z to 2024-01-01T00:30:00.000Z, 2 visits, 15 min
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:46:00.000Z, the gap after its last visit

        Watermark, estimated from the visits topic
          at 2024-01-01T01:59:00.000Z on partition 0
        """,
        topics.explanation("--engine=windows"));
  }

  @Test
  void showsContradictionsToFlags() throws Exception {
    topics
        .visit(0, "00:10", "home")
        .visit(0, "00:10", "home")
        .visit(0, "00:30", "index")
        .visit(0, "00:35", "index")
        .visit(0, "00:36", "index")
        .visit(0, "00:37", "index")
        .session(1, "on_time", "max_pages", "00:00 index", "00:10 home", "00:30 index")
        .session(1, "on_time", "max_duration", "00:35 index")
        .session(1, "on_time", "inactivity", "00:36 index")
        .session(1, "on_time", "inactivity", "00:37 index");
    assertEquals(
        """
        v1: 4 sessions of 6 visits; 1 visit not counted twice
        stateful engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:10:00.000Z  home   visits-0 @ 0  in v1@1704067200000
            + 0 s
          2024-01-01T00:10:00.000Z  home   visits-0 @ 1  counted once with the one before, which has the same time and page
            + 20 min: more than the gap of 16 min, and yet one session: the job has a longer --sessionGap
          2024-01-01T00:30:00.000Z  index  visits-0 @ 2  in v1@1704067200000
            + 5 min: less than the gap of 16 min, but that session reached --maxPagesPerSession
          2024-01-01T00:35:00.000Z  index  visits-0 @ 3  in v1@1704069300000
            + 1 min: less than the gap of 16 min, but that session reached --maxSessionDuration
          2024-01-01T00:36:00.000Z  index  visits-0 @ 4  in v1@1704069360000
            + 1 min: less than the gap of 16 min, but they are two sessions: the job has a shorter --sessionGap
          2024-01-01T00:37:00.000Z  index  visits-0 @ 5  in v1@1704069420000

        In sessions, but not on the visits topic (deleted, or before the start of reading)
          2024-01-01T00:00:00.000Z  index

        Sessions, as they were written
          sessions-1 @ 0  v1@1704067200000, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:30:00.000Z, 3 visits, 30 min
            ended by max_pages
          sessions-1 @ 1  v1@1704069300000, revision 1, on_time
            2024-01-01T00:35:00.000Z to 2024-01-01T00:35:00.000Z, 1 visit, 0 s
            ended by max_duration
          sessions-1 @ 2  v1@1704069360000, revision 1, on_time
            2024-01-01T00:36:00.000Z to 2024-01-01T00:36:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:52:00.000Z, the gap after its last visit
          sessions-1 @ 3  v1@1704069420000, revision 1, on_time
            2024-01-01T00:37:00.000Z to 2024-01-01T00:37:00.000Z, 1 visit, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:53:00.000Z, the gap after its last visit

        Watermark, estimated from the visits topic
          at 2024-01-01T00:36:00.000Z on partition 0
        """,
        topics.explanation());
  }

  @Test
  void distinguishesSimultaneousSessions() throws Exception {
    topics
        .visit(0, "00:00", "home")
        .visit(0, "00:00", "home")
        .visit(0, "00:00", "home")
        .visit(0, "00:00", "index")
        .session(0, 1, "on_time", "max_bytes", "00:00 home", "00:00 home")
        .session(1, 1, "on_time", "inactivity", "00:00 home", "00:00 index");
    assertEquals(
        """
        v1: 2 sessions of 4 visits
        stateful engine, gap 16 min, lateness 15 min, out-of-orderness 1 min

        Visits, by event time
          2024-01-01T00:00:00.000Z  home   visits-0 @ 0  in v1@1704067200000
            + 0 s
          2024-01-01T00:00:00.000Z  home   visits-0 @ 1  in v1@1704067200000
            + 0 s: less than the gap of 16 min, but that session reached --maxSessionBytes
          2024-01-01T00:00:00.000Z  home   visits-0 @ 2  in v1@1704067200000+1
            + 0 s
          2024-01-01T00:00:00.000Z  index  visits-0 @ 3  in v1@1704067200000+1

        Sessions, as they were written
          sessions-1 @ 0  v1@1704067200000, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:00:00.000Z, 2 visits, 0 s
            ended by max_bytes
          sessions-1 @ 1  v1@1704067200000+1, revision 1, on_time
            2024-01-01T00:00:00.000Z to 2024-01-01T00:00:00.000Z, 2 visits, 0 s
            ended by inactivity: emitted once the watermark reaches 2024-01-01T00:16:00.000Z, the gap after its last visit

        Watermark, estimated from the visits topic
          at 2023-12-31T23:59:00.000Z on partition 0
        """,
        topics.explanation());
  }

  @Test
  void suggestsSimilarVisitIds() throws Exception {
    topics.visit(0, "00:00", "index").visit(0, "v22", "00:00", "index");
    assertEquals(Set.of("v1", "v22"), topics.evidence("v").similarVisitIds());
    assertEquals(Set.of("v1"), topics.evidence("v1@1704067200000").similarVisitIds());
    assertEquals(Set.of("v1", "v22"), topics.evidence("kim").similarVisitIds());
    assertEquals(Set.of(), topics.evidence("v3").similarVisitIds());
  }
}
