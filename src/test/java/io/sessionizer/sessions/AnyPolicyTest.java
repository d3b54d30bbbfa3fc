package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Provenance;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/** A policy gives the results of its arithmetic written out. */
class AnyPolicyTest {
  private static final long FIRST_TIME = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long LAST_TIME = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  @Property
  void relatesTwoVisits(
      @ForAll("policies") SessionPolicy policy, @ForAll("times") long a, @ForAll("times") long b) {
    long gap = policy.gap().toMillis();
    assertEquals(b - a < gap, policy.withinGap(a, b));
    assertEquals(!(b - a > policy.maxDuration().toMillis()), policy.withinMaxDuration(a, b));
    assertEquals(a + gap, policy.closesAt(a));
  }

  @Property
  void relatesVisitAndWatermark(
      @ForAll("policies") SessionPolicy policy,
      @ForAll("times") long time,
      @ForAll("watermarks") long watermark) {
    long gap = policy.gap().toMillis();
    long lateness = policy.allowedLateness().toMillis();
    assertEquals(time + gap <= watermark, policy.isLate(time, watermark));
    assertEquals(time + gap - 1 + lateness >= watermark, policy.accepts(time, watermark));
    assertEquals(time >= policy.earliestAccepted(watermark), policy.accepts(time, watermark));
    assertEquals(time >= policy.earliestOnTime(watermark), !policy.isLate(time, watermark));
    long behind = Math.max(0, Math.max(watermark, FIRST_TIME) - time);
    assertEquals(
        behind < policy.gap().plus(policy.allowedLateness()).toMillis(),
        policy.accepts(time, watermark));
  }

  @Property
  void acceptsNothingBeforeAnExpiredBoundary(
      @ForAll("policies") SessionPolicy policy, @ForAll("times") long boundary) {
    assertEquals(
        boundary + policy.gap().toMillis() - 1 + policy.allowedLateness().toMillis(),
        policy.expiresAt(boundary));
    assertEquals(boundary, policy.earliestAccepted(policy.expiresAt(boundary)));
  }

  @Property
  void boundsTheEarliestAcceptedTime(
      @ForAll("policies") SessionPolicy policy, @ForAll("watermarks") long watermark) {
    long limit = watermark - policy.gap().toMillis() + 1 - policy.allowedLateness().toMillis();
    assertEquals(
        watermark <= Long.MIN_VALUE / 4 ? Long.MIN_VALUE / 4 : limit,
        policy.earliestAccepted(watermark));
  }

  @Property
  void addsUpTheShortestRewind(
      @ForAll("policies") SessionPolicy policy, @ForAll("durations") Duration outOfOrderness) {
    assertEquals(
        policy
            .maxDuration()
            .plus(policy.gap())
            .plus(policy.gap())
            .plus(policy.allowedLateness())
            .plus(outOfOrderness)
            .plus(outOfOrderness),
        policy.shortestRewind(outOfOrderness));
  }

  @Provide
  Arbitrary<SessionPolicy> policies() {
    return Combinators.combine(
            durations().filter(gap -> !gap.isZero()),
            durations(),
            durations().filter(length -> !length.isZero()),
            Arbitraries.integers().between(1, 20_000))
        .as(
            (gap, lateness, length, pages) ->
                new SessionPolicy(gap, lateness, length, pages, false));
  }

  /** Up to the 100 years that a flag may say. */
  @Provide
  Arbitrary<Duration> durations() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, 5),
            Arbitraries.longs().between(0, Duration.ofDays(36_500).toMillis()))
        .map(Duration::ofMillis);
  }

  /** Few small ones, so that they meet at every limit, and all that an event may have. */
  @Provide
  Arbitrary<Long> times() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-5, 20), Arbitraries.longs().between(FIRST_TIME, LAST_TIME));
  }

  @Provide
  Arbitrary<Long> watermarks() {
    return Arbitraries.oneOf(
        times(),
        Arbitraries.of(
            Provenance.NOT_RESUMED, FIRST_TIME, BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis()));
  }
}
