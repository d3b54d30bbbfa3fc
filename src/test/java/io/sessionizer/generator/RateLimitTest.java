package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateLimitTest {
  @Test
  void theFirstRecordIsDueAtOnce() {
    assertEquals(0, new RateLimit(10).nanosUntilNext(0, 0));
  }

  @Test
  void tenRecordsPerSecondAreATenthOfASecondApart() {
    assertEquals(100_000_000, new RateLimit(10).nanosUntilNext(1, 0));
    assertEquals(60_000_000, new RateLimit(10).nanosUntilNext(5, 440_000_000));
  }

  @Test
  void timeThatWasLostIsMadeUpFor() {
    assertTrue(new RateLimit(10).nanosUntilNext(5, 900_000_000) < 0);
  }

  @Test
  void anUnlimitedPaceNeverWaits() {
    assertEquals(0, RateLimit.UNLIMITED.nanosUntilNext(1_000_000, 1));
  }

  @Test
  void aNegativeRateIsRefused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> new RateLimit(-1));

    assertEquals(
        "rate must be 0 (as fast as possible) or more records per second, but is -1",
        refusal.getMessage());
  }
}
