package io.sessionizer.generator;

import com.fasterxml.jackson.core.SerializableString;
import java.time.Instant;
import java.util.UUID;

/**
 * A visitor: one user, who looks at some pages under one visit id.
 *
 * @param visitId unique in the traffic
 * @param userId begins with the number that the visit id begins with
 * @param keepPrivate a field of the visits that nobody reads
 * @param context a field of the visits that nobody reads, as JSON
 * @param pages how many pages the visitor looks at
 */
record Visitor(
    String visitId, String userId, boolean keepPrivate, SerializableString context, int pages) {
  private static final long LEAST_NUMBER = 140_000_000_000_000L;

  /** Returns a random visitor, the {@code index}-th of the traffic. */
  static Visitor random(SeededRandom dice, BrowsingProfile habits, long index, Instant startTime) {
    long number = LEAST_NUMBER + (dice.nextLong() >>> 24);
    String visitId = number + "_" + index;
    return new Visitor(
        visitId,
        number + "_" + uuid(dice),
        dice.below(2) == 0,
        VisitContext.random(dice, startTime),
        habits.pages(dice));
  }

  /** A version 4 UUID, as {@link UUID#randomUUID} makes them. */
  private static UUID uuid(SeededRandom dice) {
    long version = 0x4000L;
    long variant = 0x8000000000000000L;
    return new UUID((dice.nextLong() & ~0xF000L) | version, (dice.nextLong() >>> 2) | variant);
  }
}
