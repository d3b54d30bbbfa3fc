package io.sessionizer.generator;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.util.ArrayList;
import java.util.List;

/**
 * How many of a hundred records are not plain visits in their place; the rest is on time.
 *
 * @param outOfOrder percent of records that come up to 59 s of event time after their place
 * @param late percent of records that come 2 minutes to 3 hours of event time after their place
 * @param duplicates percent of records that repeat an on-time one, byte for byte
 * @param broken percent of records that cannot be read as a visit
 */
public record TrafficMix(double outOfOrder, double late, double duplicates, double broken) {
  /** Every record is a visit in its place. */
  public static final TrafficMix ALL_ON_TIME = new TrafficMix(0, 0, 0, 0);

  /** A visit is late only behind visits that are not. */
  private static final double MOST_LATE_AND_BROKEN = 90;

  /**
   * Checks the shares.
   *
   * @throws IllegalArgumentException with one line per share that is wrong
   */
  public TrafficMix {
    List<String> problems = new ArrayList<>();
    checkPercent("out-of-order", outOfOrder, problems);
    checkPercent("late", late, problems);
    checkPercent("duplicates", duplicates, problems);
    checkPercent("broken", broken, problems);
    if (problems.isEmpty()) {
      checkTogether(outOfOrder, late, duplicates, broken, problems);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /**
   * Returns what becomes of a visit.
   *
   * @param percent where in the shares the visit falls, from 0 to 100 (excluded)
   * @return {@code DUPLICATE} for an on-time visit that is followed by its duplicate
   */
  Category at(double percent) {
    // A duplicate is a record but not a visit: the shares of the records are scaled to the visits.
    double left = percent / 100 * (100 - duplicates);
    if ((left -= outOfOrder) < 0) {
      return Category.OUT_OF_ORDER;
    }
    if ((left -= late) < 0) {
      return Category.LATE;
    }
    if ((left -= duplicates) < 0) {
      return Category.DUPLICATE;
    }
    return left - broken < 0 ? Category.BROKEN : Category.ON_TIME;
  }

  private static void checkPercent(String name, double percent, List<String> problems) {
    if (!(percent >= 0 && percent <= 100)) {
      problems.add(name + " must be from 0 to 100 percent, but is " + percent);
    }
  }

  private static void checkTogether(
      double outOfOrder, double late, double duplicates, double broken, List<String> problems) {
    double all = outOfOrder + late + 2 * duplicates + broken;
    if (all > 100) {
      problems.add(
          "out-of-order + late + broken + twice duplicates (each repeats an on-time visit)"
              + " must be at most 100 percent, but is "
              + all);
    }
    if (late > 0 && late + broken > MOST_LATE_AND_BROKEN) {
      problems.add(
          "late + broken must be at most 90 percent (a visit is late only behind others), but is "
              + (late + broken));
    }
  }
}
