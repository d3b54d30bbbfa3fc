package io.sessionizer.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final long NOW = 1_000_000_500;

  private final Rate rate = new Rate(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));

  @Test
  void countsWholeSecondsOfLastMinute() {
    rate.count(NOW - 60_500); // second 0 of the minute
    rate.count(NOW - 1_500);
    rate.count(NOW - 1_000);
    rate.count(NOW); // the current second is not over
    long[] minute = rate.lastMinute(NOW);
    assertEquals(60, minute.length);
    assertArrayEquals(
        new long[] {1, 0, 0, 2}, new long[] {minute[0], minute[1], minute[58], minute[59]});
  }

  @Test
  void futureRecordsHideNoOthers() {
    for (int second = 0; second <= 60; second++) {
      rate.count(NOW + 600_000 + second * 1000L);
    }
    rate.count(NOW - 1_000);
    assertEquals(1, rate.lastMinute(NOW)[59]);
  }

  @Test
  void countsEachSecondOfMinute() {
    for (int second = 1; second <= 60; second++) {
      rate.count(NOW - second * 1000L);
    }
    for (long count : rate.lastMinute(NOW)) {
      assertEquals(1, count);
    }
  }

  @Test
  void ignoresRecordsOfOtherTimes() {
    rate.count(NOW - 120_000);
    rate.count(0);
    assertArrayEquals(new long[60], rate.lastMinute(NOW));
  }
}
