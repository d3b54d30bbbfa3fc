package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionPolicyTest {
  /** The numbers of the class comment. */
  @Nested
  class Example {
    private final SessionPolicy policy =
        SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(10));

    @Test
    void visitsWithinGapAreOneSession() {
      assertTrue(policy.withinGap(at("12:00:00"), at("12:15:00")));
      assertFalse(policy.withinGap(at("12:15:00"), at("12:31:00")));
    }

    @Test
    void sessionClosesAGapAfterItsLastVisit() {
      assertEquals(at("12:31:00"), policy.closesAt(at("12:15:00")));
      assertTrue(policy.isLate(at("12:15:00"), at("12:31:00")));
      assertFalse(policy.isLate(at("12:15:00.001"), at("12:31:00")));
      assertEquals(at("12:15:00.001"), policy.earliestOnTime(at("12:31:00")));
    }

    @Test
    void visitIsAcceptedWithinGapAndLateness() {
      assertEquals(at("12:05:00.001"), policy.earliestAccepted(at("12:31:00")));
      assertTrue(policy.accepts(at("12:05:00.001"), at("12:31:00")));
      assertFalse(policy.accepts(at("12:05:00"), at("12:31:00")));
    }

    @Test
    void sessionExpiresWhenNothingCanChangeIt() {
      assertEquals(at("12:56:59.999"), policy.expiresAt(at("12:31:00")));
      assertEquals(Duration.ofMinutes(26), policy.horizon());
    }

    private static long at(String time) {
      return Instant.parse("2024-01-01T" + time + "Z").toEpochMilli();
    }
  }

  @Test
  void sessionIsFullAtItsMostPages() {
    SessionPolicy policy =
        new SessionPolicy(Duration.ofMillis(1), Duration.ZERO, Duration.ofDays(1), 3, false);
    assertFalse(policy.isFull(2));
    assertTrue(policy.isFull(3));
  }

  @Test
  void rejectsWhatMakesNoSession() {
    Duration day = Duration.ofDays(1);
    assertThrows(
        IllegalArgumentException.class, () -> SessionPolicy.of(Duration.ZERO, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> SessionPolicy.of(day, Duration.ofMillis(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> new SessionPolicy(day, day, Duration.ZERO, 1, false));
    assertThrows(IllegalArgumentException.class, () -> new SessionPolicy(day, day, day, 0, false));
    assertThrows(
        IllegalArgumentException.class, () -> new SessionPolicy(day, day, day, 1, 0, false));
  }
}
