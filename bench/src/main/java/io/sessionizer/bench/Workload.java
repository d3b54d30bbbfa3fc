package io.sessionizer.bench;

import io.sessionizer.generator.BrowsingProfile;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import java.time.Instant;
import java.util.Locale;

/** What the contenders are given to do. */
enum Workload {
  /** Visits as they come, at a rate that leaves everybody time. */
  STEADY,

  /** A backlog, to be read as quickly as possible. */
  CATCH_UP,

  /** A backlog with ten times as many visits open at any moment. */
  MANY_KEYS,

  /** A backlog of few and long sessions, of 500 pages each. */
  LONG_SESSIONS,

  /** A backlog with one visit of twenty late, by 2 minutes to 3 hours. */
  LATE;

  /** 5 to 20 pages, 30 to 300 s apart; three steps of a hundred are pauses that end a session. */
  private static final BrowsingProfile BROWSING = new BrowsingProfile(5, 20, 30, 300, 3);

  private static final BrowsingProfile STAYING = new BrowsingProfile(500, 500, 30, 120, 0);

  /** One visit of twenty is up to 59 s out of order, which is late for nobody. */
  private static final TrafficMix NONE_LATE = new TrafficMix(5, 0, 0, 0);

  private static final TrafficMix SOME_LATE = new TrafficMix(5, 5, 0, 0);

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  /** Returns the visits: as many as requested, or twice as many where there are many keys. */
  Traffic traffic(long visits, long seed) {
    return switch (this) {
      case STEADY, CATCH_UP -> new Traffic(visits, 20_000, START, seed, NONE_LATE, BROWSING);
      case MANY_KEYS -> new Traffic(2 * visits, 200_000, START, seed, NONE_LATE, BROWSING);
      case LONG_SESSIONS -> new Traffic(visits, 1_000, START, seed, NONE_LATE, STAYING);
      case LATE -> new Traffic(visits, 20_000, START, seed, SOME_LATE, BROWSING);
    };
  }

  /** Whether visits come while they are read. */
  boolean isRated() {
    return this == STEADY;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
