package io.sessionizer.generator;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.util.ArrayList;
import java.util.List;

/**
 * The traffic mix: percentages of records that are not on-time visits.
 *
 * @param outOfOrder percentage of records up to 59 s of event time behind newer ones
 * @param late percentage of records 2 minutes to 3 hours of event time behind newer ones
 * @param duplicates percentage of records that repeat an on-time one, byte for byte
 * @param malformed percentage of malformed records
 */
public record TrafficMix(double outOfOrder, double late, double duplicates, double malformed) {
  /** Every record is an on-time visit. */
  public static final TrafficMix ALL_ON_TIME = new TrafficMix(0, 0, 0, 0);

  /** A visit can only be late behind visits that are not. */
  private static final double MOST_LATE_AND_MALFORMED = 90;

  /**
   * Checks the mix.
   *
   * @throws IllegalArgumentException with one line per invalid percentage
   */
  public TrafficMix {
    List<String> problems = new ArrayList<>();
    checkPercent("outOfOrder", outOfOrder, problems);
    checkPercent("late", late, problems);
    checkPercent("duplicates", duplicates, problems);
    checkPercent("malformed", malformed, problems);
    if (problems.isEmpty()) {
      checkTogether(outOfOrder, late, duplicates, malformed, problems);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /**
   * Returns the category of a visit.
   *
   * @param percent the position of the visit in the mix, from 0 to 100 (excluded)
   * @return {@code DUPLICATE} for an on-time visit that is followed by its duplicate
   */
  Category at(double percent) {
    // A duplicate is a record but not a visit: percentages of records are scaled to visits.
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
    return left - malformed < 0 ? Category.MALFORMED : Category.ON_TIME;
  }

  private static void checkPercent(String name, double percent, List<String> problems) {
    if (!(percent >= 0 && percent <= 100)) {
      problems.add(name + " must be from 0 to 100 percent, but is " + percent);
    }
  }

  private static void checkTogether(
      double outOfOrder, double late, double duplicates, double malformed, List<String> problems) {
    double all = outOfOrder + late + 2 * duplicates + malformed;
    if (all > 100) {
      problems.add(
          "outOfOrder + late + malformed + twice duplicates (each repeats an on-time visit)"
              + " must be at most 100 percent, but is "
              + all);
    }
    if (late > 0 && late + malformed > MOST_LATE_AND_MALFORMED) {
      problems.add(
          "late + malformed must be at most 90 percent (a visit is late only behind others), but is "
              + (late + malformed));
    }
  }
}
