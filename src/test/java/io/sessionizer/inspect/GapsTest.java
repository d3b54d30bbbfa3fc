package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapsTest {
  private final Random random = new Random(1);

  /** Adds gaps whose logarithms are normally distributed. */
  private void add(Gaps gaps, int count, Duration median, double spread) {
    for (int i = 0; i < count; i++) {
      gaps.add((long) (median.toMillis() * Math.exp(spread * random.nextGaussian())));
    }
  }

  @ParameterizedTest
  @CsvSource({"PT1M, PT10H, PT20M, PT90M", "PT20S, PT1H, PT3M, PT12M", "PT10M, PT24H, PT1H, PT3H"})
  void bendBetweenVisitsAndSessions(
      Duration within, Duration between, Duration least, Duration most) {
    Gaps gaps = new Gaps();
    add(gaps, 5000, within, 0.8);
    add(gaps, 1500, between, 0.7);
    long bend = gaps.bend().orElseThrow();
    assertTrue(
        bend >= least.toMillis() && bend <= most.toMillis(), Duration.ofMillis(bend).toString());
  }

  @Test
  void doNotBendWithOneHill() {
    Gaps gaps = new Gaps();
    add(gaps, 5000, Duration.ofMinutes(1), 1);
    assertEquals(OptionalLong.empty(), gaps.bend());
  }

  @Test
  void doNotBendWithFew() {
    Gaps gaps = new Gaps();
    add(gaps, 100, Duration.ofMinutes(1), 0.5);
    add(gaps, 50, Duration.ofHours(10), 0.5);
    assertEquals(OptionalLong.empty(), gaps.bend());
  }

  @Test
  void areCountedInClasses() {
    Gaps gaps = new Gaps();
    gaps.add(0);
    gaps.add(59_999);
    gaps.add(60_000);
    gaps.add(Duration.ofMinutes(16).toMillis());
    assertEquals(
        "[2, 1, 0, 1]", gaps.bars().stream().map(Gaps.GapClass::count).toList().toString());
    assertEquals("under 30m", gaps.bars().get(3).title());
  }
}
