package io.sessionizer.generator;

import com.fasterxml.jackson.core.SerializableString;
import java.time.Instant;
import java.util.UUID;

/**
 * A visitor: one user, who views some pages under one visit id.
 *
 * @param visitId unique in the traffic
 * @param userId has the same number as its prefix as the visit id
 * @param keepPrivate a field that the pipeline ignores
 * @param context a field that the pipeline ignores, as JSON
 * @param pages the number of pages that the visitor views
 */
record Visitor(
    String visitId, String userId, boolean keepPrivate, SerializableString context, int pages) {
  private static final long LEAST_NUMBER = 140_000_000_000_000L;

  /** Returns a random visitor, the {@code index}-th of the traffic. */
  static Visitor random(
      SeededRandom random, BrowsingProfile profile, long index, Instant startTime) {
    long number = LEAST_NUMBER + (random.nextLong() >>> 24);
    String visitId = number + "_" + index;
    return new Visitor(
        visitId,
        number + "_" + uuid(random),
        random.below(2) == 0,
        VisitContext.random(random, startTime),
        profile.pages(random));
  }

  /** Returns a version 4 UUID, like {@link UUID#randomUUID}. */
  private static UUID uuid(SeededRandom random) {
    long version = 0x4000L;
    long variant = 0x8000000000000000L;
    return new UUID((random.nextLong() & ~0xF000L) | version, (random.nextLong() >>> 2) | variant);
  }
}
