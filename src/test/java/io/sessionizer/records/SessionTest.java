package io.sessionizer.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTest {
  @Test
  void ordersPagesByTimePageAndUser() {
    List<VisitedPage> ordered =
        List.of(
            new VisitedPage(-1, "z", "z"),
            new VisitedPage(0, null, null),
            new VisitedPage(0, null, "a"),
            new VisitedPage(0, null, "b"),
            new VisitedPage(0, "", null),
            new VisitedPage(0, "", ""),
            new VisitedPage(0, "A", "z"),
            new VisitedPage(0, "a", null),
            new VisitedPage(0, "a", "a"),
            new VisitedPage(0, "a", "b"),
            new VisitedPage(0, "aa", null),
            new VisitedPage(0, "b", "a"),
            new VisitedPage(1, null, null));
    List<VisitedPage> shuffled = new ArrayList<>(ordered);

    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(shuffled, new Random(seed));
      assertEquals(ordered, new Session("v", shuffled).pages());
    }
  }

  @Test
  void keepsExactDuplicates() {
    VisitedPage page = new VisitedPage(0, "p", "u");

    assertEquals(List.of(page, page), new Session("v", List.of(page, page)).pages());
  }

  @Test
  void lastsFromItsFirstVisitToItsLast() {
    Session session =
        new Session(
            "v",
            List.of(
                new VisitedPage(5, "b", null),
                new VisitedPage(-7, "z", null),
                new VisitedPage(3, "a", null)));

    assertEquals(-7, session.startMillis());
    assertEquals(5, session.endMillis());
  }

  @Test
  void belongsToFirstKnownUser() {
    Session session =
        new Session(
            "v",
            List.of(
                new VisitedPage(3, null, "third"),
                new VisitedPage(2, "b", "second"),
                new VisitedPage(2, "a", "first"),
                new VisitedPage(1, null, null)));

    assertEquals("first", session.userId());
  }

  @Test
  void hasNoUserIfNoneIsKnown() {
    assertNull(new Session("v", List.of(new VisitedPage(0, "p", null))).userId());
  }

  @Test
  void idConsistsOfVisitIdAndStart() {
    List<VisitedPage> pages =
        List.of(
            new VisitedPage(1_704_093_600_000L, null, null),
            new VisitedPage(1_704_093_480_000L, null, null));

    assertEquals(
        "140719780965248_0@1704093480000", new Session("140719780965248_0", pages).id().toString());
    assertEquals("v@1704093480000+2", new Session("v", pages, 2).id().toString());
    Session before1970 = new Session("a@b", List.of(new VisitedPage(-1, null, null)));
    assertEquals("a@b@-1", before1970.id().toString());
  }

  @Test
  void parsesStartFromId() {
    assertEquals(
        new SessionId("v", new SessionStart(1_704_093_480_000L, 0)),
        SessionId.parse("v@1704093480000"));
    assertEquals(new SessionId("a@b+3", new SessionStart(-1, 0)), SessionId.parse("a@b+3@-1"));
    assertEquals(new SessionId("a", new SessionStart(-1, 12)), SessionId.parse("a@-1+12"));
  }

  @Test
  void copiesItsPages() {
    List<VisitedPage> pages = new ArrayList<>(List.of(new VisitedPage(0, "p", null)));
    Session session = new Session("v", pages);

    pages.add(new VisitedPage(1, "q", null));

    assertEquals(List.of(new VisitedPage(0, "p", null)), session.pages());
  }

  @Test
  void hasAtLeastOneVisit() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Session("v", List.of()));

    assertEquals("a session has at least one visit: v", e.getMessage());
  }
}
