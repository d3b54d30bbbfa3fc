package io.sessionizer.kafka.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With a gap of 10 and an allowed lateness of 5, all in milliseconds, at watermark 100. */
class OpenSessionsTest {
  private static final SessionPolicy POLICY =
      SessionPolicy.of(Duration.ofMillis(10), Duration.ofMillis(5));

  private final OpenSessions open = new OpenSessions(POLICY, 100);

  @Test
  void openUntilNoAcceptedVisitCanJoin() {
    // A visit at 86 is accepted, and joins a session that ends at 77.
    assertEquals(86, POLICY.earliestAccepted(100));
    assertEquals(77, open.openFrom());
    assertEquals(77, open.earliestStart());
  }

  @Test
  void earliestStartIsThatOfOpenSession() {
    add("a", 50, 59, 68, 77, 40);
    add("b", 10, 20, 76);
    assertEquals(50, open.earliestStart());
  }

  @Test
  void visitJoinsSessionsInAnyOrder() {
    List<Integer> times = new ArrayList<>(List.of(30, 39, 48, 57, 66, 75, 84, 48, 31));
    for (int seed = 0; seed < 100; seed++) {
      Collections.shuffle(times, new Random(seed));
      OpenSessions shuffled = new OpenSessions(POLICY, 100);
      times.forEach(time -> shuffled.add("a", time));
      shuffled.add("a", 20);
      assertEquals(30, shuffled.earliestStart());
    }
  }

  @Test
  void completeIgnoresOtherVisitIds() {
    add("a", 80);
    open.complete();
    add("b", 70, 79);
    add("a", 71);
    assertEquals(71, open.earliestStart());
  }

  private void add(String visitId, long... times) {
    for (long time : times) {
      open.add(visitId, time);
    }
  }
}
