package io.sessionizer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every duration, with units and in ISO-8601. */
class AnyDurationTest {
  private static final List<ChronoUnit> DESCENDING =
      List.of(
          ChronoUnit.DAYS,
          ChronoUnit.HOURS,
          ChronoUnit.MINUTES,
          ChronoUnit.SECONDS,
          ChronoUnit.MILLIS);

  private static final List<String> SUFFIXES = List.of("d", "h", "m", "s", "ms");

  @Property(tries = 500)
  void readsBackWhatItFormats(@ForAll("durations") Duration duration) {
    assertEquals(duration, Durations.parse(Durations.format(duration)));
  }

  @Property(tries = 500)
  void readsIsoAsJavaTime(@ForAll("durations") Duration duration) {
    assertEquals(duration, Durations.parse(duration.toString()));
    assertEquals(duration, Durations.parse(duration.toString().toLowerCase(Locale.ROOT)));
  }

  @Property(tries = 500)
  void acceptsDescendingUnitsOnly(@ForAll("units") List<Integer> units, @ForAll("number") int n) {
    StringBuilder text = new StringBuilder();
    Duration sum = Duration.ZERO;
    boolean descending = true;
    for (int i = 0; i < units.size(); i++) {
      text.append(n).append(SUFFIXES.get(units.get(i)));
      sum = sum.plus(Duration.of(n, DESCENDING.get(units.get(i))));
      descending &= i == 0 || units.get(i - 1) < units.get(i);
    }
    if (descending) {
      assertEquals(sum, Durations.parse(text.toString()));
    } else {
      assertThrows(DateTimeException.class, () -> Durations.parse(text.toString()), text::toString);
    }
  }

  @Provide
  Arbitrary<Duration> durations() {
    Arbitrary<Duration> wholeMillis = Arbitraries.longs().map(Duration::ofMillis);
    Arbitrary<Duration> any =
        Arbitraries.longs()
            .flatMap(
                seconds ->
                    Arbitraries.integers()
                        .between(0, 999_999_999)
                        .map(nanos -> Duration.ofSeconds(seconds, nanos)));
    return Arbitraries.oneOf(wholeMillis, any);
  }

  @Provide
  Arbitrary<List<Integer>> units() {
    return Arbitraries.integers().between(0, SUFFIXES.size() - 1).list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<Integer> number() {
    return Arbitraries.integers().between(0, 1_000_000);
  }
}
