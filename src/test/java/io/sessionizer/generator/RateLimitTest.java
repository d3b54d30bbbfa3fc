package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateLimitTest {
  @Test
  void writesFirstRecordAtOnce() {
    assertEquals(0, new RateLimit(10).nanosUntilNext(0, 0));
  }

  @Test
  void spacesRecordsByRate() {
    assertEquals(100_000_000, new RateLimit(10).nanosUntilNext(1, 0));
    assertEquals(60_000_000, new RateLimit(10).nanosUntilNext(5, 440_000_000));
  }

  @Test
  void catchesUpAfterDelay() {
    assertTrue(new RateLimit(10).nanosUntilNext(5, 900_000_000) < 0);
  }

  @Test
  void unlimitedRateNeverWaits() {
    assertEquals(0, RateLimit.UNLIMITED.nanosUntilNext(1_000_000, 1));
  }

  @Test
  void rejectsNegativeRate() {
    var rejection = assertThrows(IllegalArgumentException.class, () -> new RateLimit(-1));

    assertEquals(
        "rate must be 0 (as fast as possible) or more records per second, but is -1",
        rejection.getMessage());
  }
}
