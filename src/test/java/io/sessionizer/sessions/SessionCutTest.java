package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionRules.FieldValue;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Where visits are cut into sessions, with random visits and caps; and several caps at one place.
 */
class SessionCutTest {
  /** What an evicted session leaves is cut as if it were still there. */
  @Property(tries = 5_000)
  void evictionKeepsRemainingCuts(@ForAll long seed) {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<SessionCut> cuts = SessionCut.all("v", visits(random), policy);
    for (int first = 0; first < cuts.size(); first++) {
      List<SessionCut> left = cuts.subList(first, cuts.size());
      List<VisitedPage> visits = left.stream().flatMap(cut -> cut.pages().stream()).toList();
      assertEquals(
          left,
          SessionCut.all("v", new OrderedPages(visits), left.get(0).start().ordinal(), policy),
          policy::toString);
    }
  }

  @Property(tries = 5_000)
  void visitsFromBoundaryChangeNoSession(@ForAll long seed) {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<VisitedPage> visits = visits(random);
    VisitedPage more = visit(random);
    List<SessionCut> after =
        SessionCut.all(
            "v", Stream.concat(visits.stream(), Stream.of(more)).sorted().toList(), policy);
    for (SessionCut cut : SessionCut.all("v", visits, policy)) {
      assertTrue(
          more.eventTimeMillis() < cut.boundaryMillis() || after.contains(cut),
          () -> policy + " " + visits + " " + more + " changes " + cut);
    }
  }

  @Property(tries = 5_000)
  void everySessionOfSeveralVisitsFits(@ForAll long seed) {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<VisitedPage> visits = visits(random);
    List<SessionCut> cuts = SessionCut.all("v", visits, policy);
    assertEquals(visits, cuts.stream().flatMap(cut -> cut.pages().stream()).toList());
    assertEquals(cuts.size(), Set.copyOf(cuts.stream().map(SessionCut::start).toList()).size());
    for (SessionCut cut : cuts) {
      long bytes = SessionBytes.ofRecord(cut.session("v"));
      assertTrue(cut.pages().size() == 1 || bytes <= policy.maxBytes(), cut::toString);
    }
  }

  @Property(tries = 5_000)
  void cutIsThatOfModel(@ForAll long seed) {
    Random random = new Random(seed);
    SessionPolicy policy = policy(random);
    List<VisitedPage> visits = visits(random);
    assertEquals(
        NaiveSessions.of("v", visits, policy),
        SessionCut.all("v", visits, policy).stream()
            .map(cut -> cut.session("v") + " " + cut.endReason())
            .sorted()
            .toList(),
        policy::toString);
  }

  @Example
  void firstOfSeveralCapsIsReason() {
    assertEquals(List.of("MAX_PAGES", "MAX_PAGES"), reasons(1, 20, 1, 1));
    assertEquals(List.of("INACTIVITY", "INACTIVITY"), reasons(20, 20, 1, 1));
    assertEquals(List.of("MAX_BYTES", "INACTIVITY"), reasons(20, 5, 1, 1));
    assertEquals(List.of("MAX_DURATION", "INACTIVITY"), reasons(20, 5, 2, 1));
    assertEquals(List.of("INACTIVITY"), reasons(20, 5, 2, 5));
  }

  @Example
  void firstOfSeveralReasonsCounts() {
    SessionRules all =
        new SessionRules(
            List.of(VisitField.PAGE, VisitField.USER_ID),
            List.of(new FieldValue(VisitField.USER_ID, "u"), new FieldValue(VisitField.PAGE, "q")),
            ZoneOffset.UTC);
    SessionRules splits = new SessionRules(all.splitOn(), List.of(), ZoneOffset.UTC);
    SessionRules changes = new SessionRules(all.splitOn(), List.of(), null);
    VisitedPage before = new VisitedPage(-1, "q", "u");
    assertEquals(EndReason.ended("user_id", "u"), first(policy(20, 5, 1, 20).with(all), before));
    assertEquals(EndReason.MAX_PAGES, first(policy(20, 5, 1, 20).with(splits), before));
    assertEquals(EndReason.INACTIVITY, first(policy(5, 5, 9, 20).with(splits), before));
    assertEquals(EndReason.MAX_BYTES, first(policy(20, 5, 9, 1).with(splits), before));
    assertEquals(EndReason.MAX_DURATION, first(policy(20, 5, 9, 20).with(splits), before));
    assertEquals(EndReason.MIDNIGHT, first(policy(20, 99, 9, 20).with(splits), before));
    assertEquals(EndReason.changed("page"), first(policy(20, 99, 9, 20).with(changes), before));
  }

  /** Why the session of a visit ends before one at 10 of another page and user. */
  private static EndReason first(SessionPolicy policy, VisitedPage before) {
    return SessionCut.all("v", List.of(before, new VisitedPage(10, "r", "w")), policy)
        .get(0)
        .endReason();
  }

  /** Two users in one millisecond: the last value is that of the last visit, by page. */
  @Example
  void rulesKeepMillisecondTogether() {
    SessionPolicy policy =
        policy(20, 99, 99, 99)
            .with(
                new SessionRules(
                    List.of(VisitField.USER_ID),
                    List.of(new FieldValue(VisitField.PAGE, "end")),
                    null));
    List<VisitedPage> visits =
        Stream.of(
                new VisitedPage(0, "a", "w"),
                new VisitedPage(0, "b", "u"),
                new VisitedPage(1, "c", "u"),
                new VisitedPage(2, "d", null),
                new VisitedPage(2, "e", "w"),
                new VisitedPage(3, "end", "w"),
                new VisitedPage(3, "f", "u"),
                new VisitedPage(4, "g", "w"))
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "0 3 changed:user_id", "2 2 changed:user_id", "3 2 ended:page=end", "4 1 inactivity"),
        SessionCut.all("v", visits, policy).stream()
            .map(cut -> cut.startMillis() + " " + cut.size() + " " + cut.endReason().headerValue())
            .toList());
  }

  @Example
  void longTextOfEventIsNoValue() {
    SessionRules rules = new SessionRules(List.of(VisitField.named("/x")), List.of(), null);
    String longest = "a".repeat(1_024);
    for (String text : List.of(longest, longest + "a")) {
      List<VisitedPage> visits = List.of(withText(0, "b"), withText(1, text), withText(2, "b"));
      assertEquals(
          text.equals(longest) ? 3 : 1,
          SessionCut.all("v", visits, policy(20, 99, 99, 99).with(rules)).size());
    }
  }

  private static VisitedPage withText(long at, String text) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    fields.add(ProjectedFields.id("/x"), text);
    return new VisitedPage(at, null, null, fields.toFields());
  }

  /** Why sessions of a visit at 0 and one {@code later} end, by a gap of 10. */
  private static List<String> reasons(int maxPages, long later, int roomFor, long maxDuration) {
    List<VisitedPage> visits =
        List.of(new VisitedPage(0, "p", null), new VisitedPage(later, "p", null));
    return SessionCut.all("v", visits, policy(10, maxDuration, maxPages, roomFor)).stream()
        .map(cut -> cut.endReason().cause().name())
        .toList();
  }

  private static List<VisitedPage> visits(Random random) {
    List<VisitedPage> visits = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      visits.add(visit(random));
    }
    return visits.stream().sorted().toList();
  }

  private static VisitedPage visit(Random random) {
    return new VisitedPage(
        10L * random.nextInt(6) + random.nextInt(3) - 20,
        random.nextInt(9) == 0 ? null : "p".repeat(random.nextInt(4) * 20),
        random.nextBoolean() ? null : "u".repeat(random.nextInt(3) * 9),
        AnyFields.of(random));
  }

  private static SessionPolicy policy(Random random) {
    return policy(
            1L + random.nextInt(15),
            random.nextBoolean() ? 1_000L : 1L + random.nextInt(20),
            random.nextBoolean() ? 1_000 : 1 + random.nextInt(6),
            random.nextInt(8))
        .with(AnyRules.of(random, List.of("", "p".repeat(20)), List.of("", "u".repeat(9))));
  }

  private static SessionPolicy policy(long gap, long maxDuration, int maxPages, int roomFor) {
    return new SessionPolicy(
        Duration.ofMillis(gap),
        Duration.ZERO,
        Duration.ofMillis(maxDuration),
        maxPages,
        SessionBytes.FRAME + 2 + roomFor * 50,
        false);
  }
}
