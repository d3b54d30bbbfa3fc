package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowsingProfileTest {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  @Test
  void namesEveryInvalidValue() {
    var rejection =
        assertThrows(IllegalArgumentException.class, () -> new BrowsingProfile(0, 5, 300, 60, 101));

    assertEquals(
        """
        pages must be from 1 up, but are 0 to 5
        steps must be from 0 s up, but are 300 to 60
        pauses must be from 0 to 100 percent, but are 101.0""",
        rejection.getMessage());
  }

  @Test
  void usualVisitorsViewPageEvery210Seconds() {
    assertEquals(210_000, BrowsingProfile.USUAL.meanMillisBetweenVisits());
  }

  @Test
  void replacesVisitorAfterItsLastPage() {
    var profile = new BrowsingProfile(50, 50, 30, 30, 0);
    var visits =
        new VisitGenerator(new Traffic(1_000, 4, START, 1, TrafficMix.ALL_ON_TIME, profile));
    Map<String, Integer> pages = new HashMap<>();
    visits.forEachRemaining(
        visit -> pages.merge(visit.toString().split(" ", 3)[1], 1, Integer::sum));

    assertEquals(50, Collections.max(pages.values()));
    assertTrue(pages.values().stream().filter(count -> count < 50).count() <= 4, pages::toString);
  }
}
