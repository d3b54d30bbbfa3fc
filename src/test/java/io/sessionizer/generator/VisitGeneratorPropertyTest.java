package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class VisitGeneratorPropertyTest {
  private static final int TRIES = 100;
  private static final long ALLOWED_BEHIND_MILLIS = 59_000;
  private static final long LEAST_LATE_MILLIS = 120_000;

  @Property(tries = TRIES)
  void generatesRequestedNumberOfRecords(@ForAll("traffic") Traffic traffic) {
    assertEquals(traffic.visits(), generate(traffic).size());
  }

  @Property(tries = TRIES)
  void sameTrafficGivesSameBytes(@ForAll("traffic") Traffic traffic) {
    assertEquals(
        generate(traffic).stream().map(VisitGeneratorPropertyTest::text).toList(),
        generate(traffic).stream().map(VisitGeneratorPropertyTest::text).toList());
  }

  @Property(tries = TRIES)
  void categoryBoundsLagBehindNewestVisit(@ForAll("traffic") Traffic traffic) {
    long newest = traffic.startTime().toEpochMilli();
    for (GeneratedVisit visit : generate(traffic)) {
      long time = visit.eventTimeMillis();
      switch (visit.kind()) {
        case ON_TIME -> assertTrue(time >= newest);
        case OUT_OF_ORDER, DUPLICATE -> assertTrue(time >= newest - ALLOWED_BEHIND_MILLIS);
        case LATE -> assertTrue(time <= newest - LEAST_LATE_MILLIS);
        case MALFORMED -> {
          continue;
        }
      }
      newest = Math.max(newest, time);
    }
  }

  @Property(tries = TRIES)
  void onlyDuplicatesRepeatRecords(@ForAll("traffic") Traffic traffic) {
    Set<String> seen = new HashSet<>();
    for (GeneratedVisit visit : generate(traffic)) {
      if (visit.kind() != Category.MALFORMED) {
        assertEquals(visit.kind() != Category.DUPLICATE, seen.add(text(visit)));
      }
    }
  }

  @Property(tries = TRIES)
  void mixDoesNotChangeVisits(@ForAll("traffic") Traffic traffic) {
    Set<String> undisturbed = new HashSet<>();
    var endless =
        new VisitGenerator(
            new Traffic(
                Traffic.ENDLESS,
                traffic.visitors(),
                traffic.startTime(),
                traffic.seed(),
                TrafficMix.ALL_ON_TIME));
    long newest = Long.MIN_VALUE;
    for (GeneratedVisit visit : generate(traffic)) {
      if (visit.kind() != Category.MALFORMED) {
        while (newest <= visit.eventTimeMillis()) {
          GeneratedVisit next = endless.next();
          newest = next.eventTimeMillis();
          undisturbed.add(text(next));
        }
        assertTrue(undisturbed.contains(text(visit)));
      }
    }
  }

  @Property(tries = TRIES)
  void differentSeedsGiveDifferentVisits(@ForAll long seed, @ForAll long otherSeed) {
    if (seed != otherSeed) {
      assertFalse(
          text(new VisitGenerator(withSeed(seed)).next())
              .equals(text(new VisitGenerator(withSeed(otherSeed)).next())));
    }
  }

  @Provide
  Arbitrary<Traffic> traffic() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 2_000),
            Arbitraries.integers().between(1, 200),
            Arbitraries.longs(),
            mix())
        .as(
            (visits, visitors, seed, mix) ->
                new Traffic(visits, visitors, Instant.EPOCH, seed, mix));
  }

  private static Arbitrary<TrafficMix> mix() {
    Arbitrary<Double> percent = Arbitraries.doubles().between(0, 20);
    return Combinators.combine(percent, percent, percent, percent).as(TrafficMix::new);
  }

  private static Traffic withSeed(long seed) {
    return new Traffic(1, 1, Instant.EPOCH, seed, TrafficMix.ALL_ON_TIME);
  }

  private static List<GeneratedVisit> generate(Traffic traffic) {
    List<GeneratedVisit> generated = new ArrayList<>();
    new VisitGenerator(traffic).forEachRemaining(generated::add);
    return generated;
  }

  private static String text(GeneratedVisit visit) {
    return new String(visit.key(), ISO_8859_1) + new String(visit.value(), ISO_8859_1);
  }
}
