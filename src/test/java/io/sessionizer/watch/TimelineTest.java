package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Visit;
import io.sessionizer.watch.Lane.Dot;
import io.sessionizer.watch.Lane.Picture;
import io.sessionizer.watch.Lane.VisitCounts;
import io.sessionizer.watch.Timeline.Filter;
import io.sessionizer.watch.Timeline.Order;
import io.sessionizer.watch.Timeline.Query;
import io.sessionizer.watch.Timeline.Strip;
import io.sessionizer.watch.Timeline.View;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long SECOND = 1000;

  private final Timeline timeline =
      new Timeline(SessionPolicy.of(Duration.ofMinutes(16), Duration.ZERO), 3);
  private int offset;

  @Nested
  class Sorting {
    @Test
    void ordersLanesByChoice() {
      visit("b", 1);
      visit("b", 4);
      visit("a", 2);
      visit("c", 0);
      assertEquals(List.of("b", "a", "c"), ids(Order.LAST_VISIT));
      assertEquals(List.of("c", "a", "b"), ids(Order.LAST_READ));
      assertEquals(List.of("a", "b", "c"), ids(Order.FIRST_VISIT));
      assertEquals(List.of("b", "a", "c"), ids(Order.MOST_VISITS));
      assertEquals(List.of("b", "a", "c"), ids(Order.LONGEST));
      assertEquals(List.of("a", "b", "c"), ids(Order.VISIT_ID));
    }

    @Test
    void laneKeepsPlaceOfEarlierVersion() {
      visit("a", 1);
      visit("b", 2);
      visit("a", 3);
      visit("c", 4);
      assertEquals(List.of("b", "a", "c"), ids(query(Order.LAST_VISIT, 2, Long.MAX_VALUE)));
      assertEquals(List.of("c", "a", "b"), ids(Order.LAST_VISIT));
    }

    private List<String> ids(Order order) {
      return ids(query(order, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    private List<String> ids(Query query) {
      return TimelineTest.ids(timeline.view(query));
    }
  }

  @Nested
  class EarlierVersion {
    @Test
    void showsNothingNewer() {
      visit("a", 1);
      long then = timeline.version();
      visit("a", 2);
      visit("b", 3);
      SourcePosition source = new SourcePosition("visits", 1, 0);
      timeline.tooLate(
          new Visit("a", SECOND, null, null), SECOND, source, new SourcePosition("late", 0, 0));
      View view = timeline.view(query(Order.LAST_VISIT, Long.MAX_VALUE, then));
      assertEquals(List.of("a"), ids(view));
      assertEquals(new VisitCounts(1, 0, 0), view.lanes().get(0).counts());
      assertEquals(List.of(), view.tooLate());
      assertArrayEquals(new long[] {SECOND, SECOND}, timeline.extent("", then));
      assertArrayEquals(new int[] {1}, timeline.overview(1, then).visits());
    }
  }

  @Test
  void pagesLanesNewestFirst() {
    visit("a", 1);
    visit("b", 2);
    visit("c", 3);
    assertEquals(List.of("c", "b", "a"), ids(view(0, 10, Filter.ALL, "", 0, 10)));
    View second = view(0, 10, Filter.ALL, "", 1, 1);
    assertEquals(List.of("b"), ids(second));
    assertEquals(3, second.lanesInAll());
  }

  @Test
  void showsOnlyLanesWithinTime() {
    visit("a", 1);
    visit("a", 9);
    visit("b", 5);
    assertEquals(List.of("b"), ids(view(2, 8, Filter.ALL, "", 0, 10)));
  }

  @Test
  void searchIgnoresCaseOfIds() {
    visit("Anna", 1);
    visit("b", 2);
    assertEquals(List.of("Anna"), ids(view(0, 10, Filter.ALL, "ANN", 0, 10)));
    assertEquals(List.of("b"), ids(view(0, 10, Filter.ALL, "user-b", 0, 10)));
    assertArrayEquals(
        new long[] {2 * SECOND, 2 * SECOND}, timeline.extent("user-b", Long.MAX_VALUE));
    assertArrayEquals(new long[0], timeline.extent("nobody", Long.MAX_VALUE));
  }

  @Test
  void evictsVisitIdsIdleLongest() {
    for (int time = 0; time < 7; time++) {
      visit("id-" + time % 4, time); // the fourth one is idlest since second 3
    }
    assertEquals(List.of("id-2", "id-1", "id-0"), ids(view(0, 10, Filter.ALL, "", 0, 10)));
    assertEquals(7, timeline.numbers(0).visitsRead());
  }

  @Test
  void largeAttributesCountAsSeveralVisits() {
    visit("a", 1);
    visit("b", 2);
    Session session = new Session("c", List.of(new VisitedPage(0, "p", null)));
    String attributes = ",\"attributes\":{\"note\":\"" + "x".repeat(2_000) + "\"}}";
    String json =
        new String(new SessionJson(ZoneOffset.UTC).write(session), UTF_8)
            .replaceFirst("}$", attributes);
    timeline.session(
        SessionRevision.of(session, json.getBytes(UTF_8), new SourcePosition("sessions", 0, 0)), 0);
    assertEquals(List.of("b", "c"), ids(view(0, 10, Filter.ALL, "", 0, 10)));
  }

  @Test
  void mergesVisitsOfOneColumn() {
    for (int time = 0; time < 6; time++) {
      visit("a", time);
    }
    View view = timeline.view(query(0, 6, Filter.ALL, "", 0, 10, 2)); // 3 s a column
    assertEquals(
        List.of(0L, 3 * SECOND), view.lanes().get(0).dots().stream().map(Dot::time).toList());
    assertEquals(6, view.lanes().get(0).open().get(0).visits());
    assertEquals(new VisitCounts(6, 0, 0), view.lanes().get(0).counts());
  }

  @Test
  void countsVisitsOfShownTime() {
    for (int time = 0; time < 6; time++) {
      visit("a", time);
    }
    View view = timeline.view(query(2, 4, Filter.ALL, "", 0, 10, 1));
    assertEquals(2, view.lanes().get(0).dots().size());
    assertEquals(new VisitCounts(3, 0, 0), view.lanes().get(0).counts());
  }

  @Test
  void tooLateInAnyOrderOfReading() {
    SourcePosition first = new SourcePosition("visits", 0, 0);
    SourcePosition second = new SourcePosition("visits", 0, 1);
    timeline.tooLate(
        new Visit("a", SECOND, null, null), 5 * SECOND, first, new SourcePosition("late", 0, 0));
    timeline.visit(new Visit("a", SECOND, null, null), 0, first);
    timeline.visit(new Visit("b", SECOND, null, null), 0, second);
    timeline.tooLate(
        new Visit("b", SECOND, null, null), 6 * SECOND, second, new SourcePosition("late", 0, 1));
    assertEquals(List.of("a", "b"), ids(view(0, 10, Filter.TOO_LATE, "", 0, 10)));
    assertEquals(
        List.of(new Strip(SECOND, 2, "too late by 5000 ms", new SourcePosition("late", 0, 0))),
        timeline.view(query(0, 10, Filter.ALL, "", 0, 1, 1)).tooLate());
  }

  @Test
  void placesDeadLetterAtItsSource() {
    SourcePosition source = new SourcePosition("visits", 0, 7);
    timeline.rejected(4 * SECOND, source);
    timeline.deadLetter(Reason.NOT_JSON, source, new SourcePosition("dead", 0, 0));
    timeline.deadLetter(
        Reason.EMPTY, new SourcePosition("elsewhere", 0, 7), new SourcePosition("dead", 0, 1));
    assertEquals(
        List.of(new Strip(4 * SECOND, 1, "NOT_JSON", new SourcePosition("dead", 0, 0))),
        view(0, 10, Filter.ALL, "", 0, 10).dead());
    assertEquals(2, timeline.numbers(0).deadLetters());
  }

  @Test
  void overviewCountsEveryVisitOnce() {
    visit("a", 0);
    visit("b", 4);
    visit("b", 9);
    Timeline.Overview overview = timeline.overview(2, Long.MAX_VALUE);
    assertEquals(0, overview.from());
    assertArrayEquals(new int[] {2, 1}, overview.visits());
  }

  private void visit(String id, int seconds) {
    timeline.visit(
        new Visit(id, seconds * SECOND, "user-" + id, "home"),
        0,
        new SourcePosition("visits", 1, offset++));
  }

  private View view(int from, int to, Filter filter, String text, int first, int most) {
    return timeline.view(query(from, to, filter, text, first, most, 1000));
  }

  private static Query query(
      int from, int to, Filter filter, String text, int first, int most, int pixels) {
    return new Query(
        from * SECOND,
        to * SECOND,
        filter,
        text,
        Order.FIRST_VISIT,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        first,
        most,
        pixels);
  }

  private static Query query(Order order, long orderedIn, long version) {
    return new Query(0, 10 * SECOND, Filter.ALL, "", order, orderedIn, version, 0, 10, 1000);
  }

  private static List<String> ids(View view) {
    return view.lanes().stream().map(Picture::visitId).toList();
  }
}
