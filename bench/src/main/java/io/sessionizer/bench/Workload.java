package io.sessionizer.bench;

import io.sessionizer.generator.BrowsingProfile;
import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
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
  LATE,

  /**
   * A backlog with 30 % of all visits of one visit id, which never pauses: caps end its sessions.
   */
  HOT,

  /** The same with one of twenty visits of that visit id late, by 2 to 25 minutes. */
  HOT_LATE,

  /** The backlog of {@code catch-up} as events of another shape. */
  MAPPED,

  /** Files, to be read as quickly as possible; all visits are known, and none is late. */
  FILES,

  /** The same files, compressed. */
  FILES_GZIP,

  /** Files with 30 % of all visits of one visit id, which never pauses and is one session. */
  FILES_HOT;

  private static final long MILLION = 1_000_000;

  private static final int ONE_OF_TWENTY = 5;

  /** 5 to 20 pages, 30 to 300 s apart; three steps of a hundred are pauses that end a session. */
  private static final BrowsingProfile BROWSING = new BrowsingProfile(5, 20, 30, 300, 3);

  private static final BrowsingProfile STAYING = new BrowsingProfile(500, 500, 30, 120, 0);

  /** One visit of twenty is up to 59 s out of order, which is late for nobody. */
  private static final TrafficMix NONE_LATE = new TrafficMix(ONE_OF_TWENTY, 0, 0, 0);

  private static final TrafficMix SOME_LATE = new TrafficMix(ONE_OF_TWENTY, ONE_OF_TWENTY, 0, 0);

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  /**
   * Returns the numbers of visits to run it with, if nobody says otherwise. Where there are two, a
   * contender's start and a further visit can be distinguished. In {@code many-keys} the first
   * visits expire after more than a million.
   *
   * @param perSecond the rate of a workload that has one
   */
  List<Long> sizes(long perSecond) {
    return switch (this) {
      case STEADY -> List.of(RatedTrial.visits(perSecond));
      case CATCH_UP -> List.of(MILLION, 4 * MILLION);
      case MANY_KEYS -> List.of(2 * MILLION, 6 * MILLION);
      case LONG_SESSIONS, LATE, HOT, HOT_LATE, MAPPED, FILES, FILES_GZIP, FILES_HOT ->
          List.of(MILLION);
    };
  }

  /** Returns its visits, the same for each seed. */
  Iterator<GeneratedVisit> visits(long visits, long seed) {
    return switch (this) {
      case STEADY, CATCH_UP, MAPPED -> usual(visits, 20_000, seed, NONE_LATE, BROWSING);
      case MANY_KEYS -> usual(visits, 200_000, seed, NONE_LATE, BROWSING);
      case LONG_SESSIONS -> usual(visits, 1_000, seed, NONE_LATE, STAYING);
      case LATE -> usual(visits, 20_000, seed, SOME_LATE, BROWSING);
      case HOT -> hot(visits, 20_000, seed, 0);
      case HOT_LATE -> hot(visits, 20_000, seed, ONE_OF_TWENTY);
      case FILES, FILES_GZIP -> usual(visits, 50_000, seed, NONE_LATE, BROWSING);
      case FILES_HOT -> hot(visits, 50_000, seed, 0);
    };
  }

  private static Iterator<GeneratedVisit> hot(
      long visits, int visitors, long seed, int latePercent) {
    Iterator<GeneratedVisit> others =
        usual(HotVisits.others(visits), visitors, seed, NONE_LATE, BROWSING);
    return new HotVisits(others, visits, latePercent, seed);
  }

  private static Iterator<GeneratedVisit> usual(
      long visits, int visitors, long seed, TrafficMix mix, BrowsingProfile profile) {
    return new VisitGenerator(new Traffic(visits, visitors, START, seed, mix, profile));
  }

  /** Returns the workload that it runs in turn with, because their figures are compared. */
  Workload inTurnWith() {
    return switch (this) {
      case HOT, HOT_LATE, MAPPED -> CATCH_UP;
      default -> this;
    };
  }

  /** Returns a visit as it is written, which is JSON. */
  byte[] written(byte[] visit) {
    return this == MAPPED ? SegmentEvents.of(visit) : visit;
  }

  /** Returns the flags with which the sessionizer reads its visits. */
  List<String> flags() {
    return this == MAPPED ? List.of("--visitFormat=segment") : List.of();
  }

  /** Whether visits come while they are read. */
  boolean isRated() {
    return this == STEADY;
  }

  /** Whether visits are in files, and sessions too. */
  boolean isOnFiles() {
    return this == FILES || this == FILES_GZIP || this == FILES_HOT;
  }

  /**
   * Whether a contender can give the sessions of the model. Peers have no caps: to them, all visits
   * of a visit id that never pauses are one session. And they read visits of one shape.
   */
  boolean isFor(Contender contender) {
    return switch (this) {
      case HOT, HOT_LATE, MAPPED -> contender.isStateful();
      case FILES, FILES_GZIP, FILES_HOT ->
          contender.kind() == Contender.Kind.FILES || contender == Contender.FLOOR;
      default -> contender.kind() != Contender.Kind.FILES;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
