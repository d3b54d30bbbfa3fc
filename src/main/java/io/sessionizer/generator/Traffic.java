package io.sessionizer.generator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of generated traffic. Equal traffic gives equal bytes.
 *
 * @param visits number of records, duplicates and malformed ones included
 * @param visitors number of visitors on the site at any moment
 * @param startTime event time of the first visit, truncated to seconds
 * @param seed seed of the random visits
 * @param mix percentages of records that are not on-time visits
 * @param profile the browsing profile of the visitors
 */
public record Traffic(
    long visits,
    int visitors,
    Instant startTime,
    long seed,
    TrafficMix mix,
    BrowsingProfile profile) {
  /** The number of visits of endless traffic. */
  public static final long ENDLESS = Long.MAX_VALUE;

  private static final int MOST_VISITORS = 10_000_000;
  private static final Instant EARLIEST_START = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST_START = Instant.parse("2900-01-01T00:00:00Z");

  /**
   * Checks the traffic.
   *
   * @throws IllegalArgumentException with one line per invalid value
   */
  public Traffic {
    List<String> problems = new ArrayList<>();
    if (visits < 0) {
      problems.add("visits must be 0 or more, but is " + visits);
    }
    if (visitors < 1 || visitors > MOST_VISITORS) {
      problems.add("visitors must be from 1 to " + MOST_VISITORS + ", but is " + visitors);
    }
    if (startTime.isBefore(EARLIEST_START) || startTime.isAfter(LATEST_START)) {
      problems.add(
          "startTime must be from %s to %s, but is %s"
              .formatted(EARLIEST_START, LATEST_START, startTime));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    startTime = startTime.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Creates traffic of visitors with the {@linkplain BrowsingProfile#USUAL usual profile}. */
  public Traffic(long visits, int visitors, Instant startTime, long seed, TrafficMix mix) {
    this(visits, visitors, startTime, seed, mix, BrowsingProfile.USUAL);
  }
}
